/** Problems in words that say what to do. */
import { expect, test } from "vitest";
import { explain, refused } from "./problem";

const document = (status: number, detail: string) => ({
  type: "/problems/entry_changed",
  title: "It has changed",
  status,
  detail,
  request_id: "0123",
});

test("a lost server says that what was typed is still there", () => {
  expect(explain(refused(0, null))).toMatch(/still here/);
  expect(explain(refused(502, "<html>bad gateway</html>"))).toMatch(/still here/);
});

test("the server's own detail is shown where it says more", () => {
  expect(explain(refused(409, document(409, "Ann is on a call")))).toBe("Ann is on a call");
  expect(explain(refused(404, document(404, "there is no call `99`")))).toBe("There is no call “99”");
  expect(explain(refused(412, document(412, "etag")))).toMatch(/Load it again/);
  expect(explain(refused(500, document(500, "boom")))).not.toContain("boom");
});

test("a problem has its name and its number", () => {
  const problem = refused(409, document(409, "x"));
  expect(problem.kind).toBe("entry_changed");
  expect(problem.requestId).toBe("0123");
  expect(refused(502, "<html>bad gateway</html>").kind).toBeNull();
});
