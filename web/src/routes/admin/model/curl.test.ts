/** Requests as lines for a shell: nothing typed may end the quotes. */
import { expect, test } from "vitest";
import { curl, quoted } from "./curl";

test("a change is shown with its headers and its body, the token only by name", () => {
  const line = curl(
    { method: "PATCH", path: "/v1/domains/~/provisioning/queues/8000", headers: { "If-Match": '"0123"' }, body: { ring_time: 20 } },
    "https://voice.example.org",
  );
  expect(line).toBe(
    [
      "curl -X PATCH https://voice.example.org/v1/domains/~/provisioning/queues/8000",
      `-H "Authorization: Bearer $TOKEN"`,
      `-H 'If-Match: "0123"'`,
      "-H 'Content-Type: application/json'",
      `-d '{"ring_time":20}'`,
    ].join(" \\\n  "),
  );
});

test("nothing that is typed ends the quotes", () => {
  expect(quoted("plain-1.2_x/~y")).toBe("plain-1.2_x/~y");
  expect(quoted("")).toBe("''");
  expect(quoted("it's")).toBe(String.raw`'it'\''s'`);
  for (const hostile of ["$(id)", "`id`", 'a"b\\c', "a\nb", "\u202e<img onerror>", "a;b", "*"]) {
    expect(quoted(hostile)).toBe(`'${hostile}'`);
  }
});

test("a file is named, not shown", () => {
  expect(curl({ method: "POST", path: "/x", file: "my agents.csv" }, "http://h")).toContain("--data-binary '@my agents.csv'");
});
