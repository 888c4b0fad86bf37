/** The desk's keys. */
import { expect, test } from "vitest";
import { deedOf, KEYS } from "./keys";

const pressed = (more: object) =>
  deedOf({ code: "KeyA", key: "a", altKey: false, ctrlKey: false, metaKey: false, target: document.body, ...more });

test("a letter does nothing alone, and its deed with Alt, whatever it types on that keyboard", () => {
  expect(pressed({})).toBeNull();
  expect(pressed({ altKey: true, key: "å" })).toBe("answer");
  expect(pressed({ altKey: true, ctrlKey: true })).toBeNull();
});

test("the sheet opens on ?, but not while somebody types a question", () => {
  expect(pressed({ key: "?" })).toBe("sheet");
  expect(pressed({ key: "?", target: document.createElement("textarea") })).toBeNull();
});

test("no key has two deeds", () => {
  const codes = Object.values(KEYS).map((key) => key.code);
  expect(new Set(codes).size).toBe(codes.length);
});
