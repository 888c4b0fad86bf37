/** Decisions in sentences. */
import { expect, test } from "vitest";
import { type Decision, named, namesOf, why } from "./why";

const candidate = (agent: string, more: Partial<Decision["candidates"][number]> = {}) => ({
  agent,
  name: `Agent ${agent}`,
  idle_seconds: 75,
  order: 2,
  preferred: false,
  last_rung_at: null,
  answered: null,
  tier: null,
  skill_level: null,
  ...more,
});

const decision = (more: Partial<Decision>): Decision => ({
  at: "2026-01-01T12:00:00Z",
  queue: "8000",
  queue_name: "Support",
  strategy: "longest_idle",
  position: 3,
  needs: [],
  candidate_count: 2,
  candidates: [candidate("1001"), candidate("1002")],
  excluded: [],
  winners: ["1001"],
  picked_up_by: null,
  left: null,
  text: "",
  ...more,
});

const names = (extension: string) => `#${extension}`;
const told = (more: Partial<Decision>) => why(decision(more), names);

test("the winner is named with what put her first", () => {
  expect(told({}).decided).toBe("Offered to #1001.");
  expect(told({}).because).toBe("Without a call for 1:15, the longest of 2.");
});

test("each strategy says what it looked at", () => {
  const by = (strategy: Decision["strategy"], more: Parameters<typeof candidate>[1] = {}) =>
    told({ strategy, candidates: [candidate("1001", more)] }).because;
  expect(by("linear")).toMatch(/order \(2\)/);
  expect(by("cyclic")).toMatch(/so far/);
  expect(by("cyclic", { last_rung_at: "2026-01-01T11:59:00Z" })).toMatch(/for 1:00/);
  expect(by("least_worked", { answered: 1 })).toMatch(/^1 call of/);
  expect(by("skill_least_worked", { answered: 4, skill_level: 5 })).toMatch(/^Skill level 5.*4 calls of/);
  expect(by("tiered_longest_idle", { tier: 1 })).toMatch(/^Tier 1/);
  expect(by("linear_cascade", { tier: 2 })).toMatch(/^Of tier 2/);
  expect(by("random")).toBe("Drawn from 2.");
  expect(by("longest_idle", { preferred: true })).toMatch(/own agent/);
});

test("the only candidate needs no comparison", () => {
  expect(told({ candidate_count: 1 }).because).toMatch(/only one/);
});

test("who waits is told so, and who leaves by which rule", () => {
  expect(told({ winners: [], candidate_count: 0 }).decided).toMatch(/Nobody could take it.*place 3/);
  expect(told({ winners: [] }).decided).toMatch(/nobody this time/);
  expect(told({ winners: [], left: "full" }).decided).toMatch(/line is full/);
  expect(told({ winners: [], left: "overflow_timeout" }).decided).toMatch(/as long as it may/);
  expect(told({ left: "full" }).because).toBeNull();
});

test("a picked up call was chosen, not routed", () => {
  const picked = told({ picked_up_by: "1009" });
  expect(picked.decided).toMatch(/Picked up by #1009/);
  expect(picked.because).toBeNull();
});

test("those who were not considered are told with the reason; an unknown one in the server's words", () => {
  const { excluded } = told({
    excluded: [
      { reason: "on_call", text: "on a call", count: 2, agents: ["1003", "1004"] },
      { reason: "new_reason", text: "asleep", count: 40, agents: [] },
    ],
  });
  expect(excluded).toEqual(["#1003, #1004: on a call", "40 agents: asleep"]);
});

test("what the call asked for is told", () => {
  expect(told({ needs: [{ skill: "german", level: 4 }] }).needs).toBe("It asks for german 4.");
});

test("of many the first are named and the rest counted", () => {
  const many = Array.from({ length: 9 }, (_, n) => String(n));
  expect(named(many, 12, names)).toBe("#0, #1, #2, #3, #4, #5 and 6 more");
});

test("names stand as they were when it was decided", () => {
  const of = namesOf([decision({})], () => "somebody");
  expect(of("1001")).toBe("Agent 1001 (1001)");
  expect(of("1099")).toBe("somebody");
});
