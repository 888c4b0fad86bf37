/** Durations as people read them. */
import { expect, test } from "vitest";
import { clock, countdown, moment } from "./time";

test("a clock counts up from whole seconds, and never less than nothing", () => {
  expect(clock(0)).toBe("0:00");
  expect(clock(65_999)).toBe("1:05");
  expect(clock(7_209_000)).toBe("2:00:09");
  expect(clock(-5_000)).toBe("0:00");
});

test("a countdown shows a second as long as a part of it is left", () => {
  expect(countdown(5_000)).toBe("0:05");
  expect(countdown(4_001)).toBe("0:05");
  expect(countdown(1)).toBe("0:01");
  expect(countdown(0)).toBe("0:00");
});

test("a moment has its date when it was another day", () => {
  const at = new Date(2026, 0, 2, 9, 5).getTime();
  expect(moment(at, at + 60_000)).toBe("09:05");
  expect(moment(at, at + 86_400_000)).toMatch(/Jan 2/);
});
