/** What may become markup. */
import { expect, test } from "vitest";
import { styleOnly } from "./markup";

test("style sheets pass, tags do not", () => {
  expect(styleOnly(":root{--a:1px}")).toBe(":root{--a:1px}");
  expect(() => styleOnly("<img src=x>")).toThrow();
});
