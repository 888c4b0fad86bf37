/** The server's plan in lines. */
import { expect, test } from "vitest";
import { counts, isNothing, lines } from "./plan";

test("signs say what a line is", () => {
  const plan = ["+ agent 1001", "~ queue 8000 ring_time 15 -> 20", "- trunk carrier", "-x"];
  expect(lines(plan).map(({ what }) => what)).toEqual(["comes", "changes", "goes", "other"]);
  expect(lines(plan)[1]?.text).toBe("queue 8000 ring_time 15 -> 20");
  expect(counts(plan)).toEqual({ comes: 1, changes: 1, goes: 1, other: 1 });
});

test("nothing is nothing", () => {
  expect(isNothing(["no changes"])).toBe(true);
  expect(isNothing(["+ agent 1001"])).toBe(false);
});
