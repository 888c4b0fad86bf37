/** Requests with a login, and when it ends. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { refusal, serve } from "~/testing";
import type { Refused } from "./problem";
import { type Me, session } from "./session";
import { withLogin } from "./withLogin";

const me = { name: "Ann" } as unknown as Me;

beforeEach(() => session.begin("first", me));
afterEach(() => {
  vi.unstubAllGlobals();
  session.end();
});

test("a request carries the login, and what else it was given", async () => {
  const asked = serve(() => ({ ok: true }));
  await withLogin("/v1/x?y=1", { method: "PUT", body: "{}", headers: { "X-Reason": "z" } });
  expect(asked[0]).toMatchObject({ method: "PUT", path: "/v1/x?y=1" });
  expect(asked[0]?.request.headers.get("Authorization")).toBe("Bearer first");
  expect(asked[0]?.request.headers.get("X-Reason")).toBe("z");
});

test("a login that is no good any more ends", async () => {
  serve(() => refusal(401, "unauthorized", "No"));
  await expect(withLogin("/v1/x")).rejects.toMatchObject({ status: 401, kind: "unauthorized" } satisfies Partial<Refused>);
  expect([session.token, session.ended]).toEqual([null, "ended"]);
});

test("a late refusal of the login before leaves the new one alone", async () => {
  let answer: (response: Response) => void = () => {};
  serve(() => new Promise((done) => (answer = done)));
  const late = withLogin("/v1/x");
  await vi.waitFor(() => expect(answer.length).toBe(1));
  session.begin("second", me);
  answer(refusal(401, "unauthorized", "No"));
  await expect(late).rejects.toMatchObject({ status: 401 });
  expect(session.token).toBe("second");
});

test("no answer at all is told as such", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed")));
  await expect(withLogin("/v1/x")).rejects.toMatchObject({ status: 0 });
  expect(session.token).toBe("first");
});
