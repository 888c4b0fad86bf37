/** What the fields make of what they are given. */
import { expect, test } from "vitest";
import { dated } from "./HolidaysField";
import { levels, needs, skills } from "./LevelsField";
import { inOrder, numbered } from "./MembersField";
import type { Entry } from "../model/json";
import { placeOf } from "./PlanField";

test("a holiday of one day has a date, a longer one from and to", () => {
  expect(dated({ name: "X", yearly: true }, "2026-12-25", "2026-12-25")).toEqual({ name: "X", yearly: true, date: "2026-12-25" });
  expect(dated({ name: "X", date: "2026-12-25" }, "2026-12-25", "2026-12-26")).toEqual({ name: "X", from: "2026-12-25", to: "2026-12-26" });
});

test("skills come as a mapping and go as one, unless a level falls", () => {
  const list = skills({ english: 5, billing: 2 });
  expect(levels(list)).toEqual({ english: 5, billing: 2 });
  expect(needs(list)).toEqual({ english: 5, billing: 2 });
  expect(levels([{ skill: " ", level: 3 }])).toBeUndefined();
  expect(needs([{ skill: "english", level: 5, relax_after: 30 }])).toEqual([{ skill: "english", level: 5, relax_after: 30 }]);
});

test("members are numbered as they stand", () => {
  const members: Entry[] = [{ agent: "1002", order: 2 }, { agent: "1001" }, { agent: "1003", order: 3, tier: 2 }];
  expect(inOrder(members).map(({ agent }) => agent)).toEqual(["1001", "1002", "1003"]);
  expect(numbered([members[2]!, members[1]!])).toEqual([{ agent: "1003", tier: 2 }, { agent: "1001", order: 2 }]);
});

test("a plan leads to one kind of place", () => {
  expect(placeOf({ hangup: {} })).toBe("hangup");
  expect(placeOf({ queue: "8000" })).toBe("queue");
  expect(placeOf({ nowhere: 1 })).toBeNull();
  expect(placeOf(undefined)).toBeNull();
});
