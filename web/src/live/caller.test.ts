/** Who calls, in lists and on the desk. */
import { expect, test } from "vitest";
import { callerOf, callerOfMessage, inLine } from "./caller";

test("a number is shown and called back", () => {
  expect(callerOf({ caller: { name: "Clara", number: "+49301" }, by_call_link: false })).toEqual({ name: "Clara", number: "+49301", dial: "+49301" });
  expect(callerOf({ caller: { name: "", number: "" }, by_call_link: false })).toEqual({ name: "", number: "", dial: "" });
});

test("a guest has a name at most that turns nothing around, words for a number, and is not called back", () => {
  const caller = { name: "Bob", number: "guest" };
  expect(callerOf({ caller, by_call_link: true })).toEqual({ name: "Bob", number: "by call link", dial: "" });
  expect(callerOf({ caller: { ...caller, name: "" }, by_call_link: true }).name).toBe("Guest");
  const turned = { name: "Bob \u202egro.live\u202c", number: "guest" };
  expect(callerOf({ caller: turned, by_call_link: true }).name).toBe("Bob gro.live");
  expect(callerOfMessage({ caller: "guest", caller_name: "Bob" })).toMatchObject({ number: "by call link", dial: "" });
  expect(callerOfMessage({ caller: "+49301", caller_name: "" })).toMatchObject({ number: "+49301", dial: "+49301" });
});

test("in a line a name stands apart from what is beside it", () => {
  expect(inLine({ name: "مركز", number: "+49301" })).toBe("\u2068مركز\u2069, +49301");
  expect([inLine({ name: "", number: "+49301" }), inLine({ name: "", number: "" })]).toEqual(["+49301", ""]);
});
