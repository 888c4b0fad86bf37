/** Days and their slots. */
import { expect, test } from "vitest";
import { opening, spans, stored, workdays } from "./week";

test("a day is closed, open all day, or open in slots, and comes back as it was", () => {
  for (const value of [undefined, "all_day", ["09:00-12:00", "13:00-17:00"]]) {
    expect(stored(opening(value))).toEqual(value);
  }
  expect(opening([]).kind).toBe("closed");
});

test("a slot over midnight is open to the day's end", () => {
  expect(spans(opening(["18:00-02:00"]))).toEqual([{ from: 0.75, to: 1 }]);
  expect(spans(opening(["06:00-12:00"]))).toEqual([{ from: 0.25, to: 0.5 }]);
});

test("working days become as Monday is, and the weekend stays", () => {
  const week = { monday: ["08:00-16:00"], friday: ["08:00-12:00"], sunday: "all_day" };
  expect(workdays(week)).toMatchObject({ tuesday: ["08:00-16:00"], friday: ["08:00-16:00"], sunday: "all_day" });
  expect(workdays({ tuesday: "all_day" })).toEqual({});
});
