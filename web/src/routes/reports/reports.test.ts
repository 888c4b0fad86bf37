/** Sums of intervals, and the span that a report is about. */
import { expect, test } from "vitest";
import { dayOf, daysBetween, midnight, reach, readWish, span } from "./span";
import { type AgentInterval, occupancy, type QueueInterval, sum, sumOfAgent, together } from "./sums";

const interval = (begins: string, more: Partial<QueueInterval> = {}): QueueInterval =>
  ({
    begins_at: `2026-01-01T${begins}:00Z`,
    ends_at: `2026-01-01T${begins.slice(0, 2)}:59Z`,
    ...Object.fromEntries(
      ["offered", "answered", "answered_in_time", "abandoned", "abandoned_late", "abandoned_short", "overflow_timeout", "full",
        "no_agents", "closed", "night", "exited", "callback_requested", "removed", "longest_wait", "talk_time", "holds", "hold_time", "handle_time"].map((key) => [key, 0]),
    ),
    service_level: null,
    average_wait: null,
    average_talk: null,
    average_handle: null,
    ...more,
  }) as QueueInterval;

test("counts add up, means are weighted, and the longest is the longest", () => {
  const made = sum([
    interval("10:00", { offered: 4, answered: 3, abandoned: 1, average_wait: 10, longest_wait: 40, talk_time: 300, average_talk: 100, full: 1, holds: 2, hold_time: 30 }),
    interval("11:00", { offered: 1, answered: 1, average_wait: 50, longest_wait: 50, talk_time: 20, average_talk: 20, holds: 1, hold_time: 5 }),
  ]);
  expect(made).toMatchObject({ offered: 5, answered: 4, abandoned: 1, averageWait: 20, longestWait: 50, averageTalk: 80, elsewhereAll: 1, holds: 3, holdTime: 35 });
  expect(made?.begins_at).toBe("2026-01-01T10:00:00Z");
  expect(made?.ends_at).toBe("2026-01-01T11:59Z");
});

test("a service level is made anew from the calls that it is about", () => {
  const made = sum([
    interval("10:00", { answered: 90, answered_in_time: 90, service_level: 0.9 }),
    interval("11:00", { answered: 1, abandoned_late: 9, service_level: 0 }),
    interval("12:00", { answered: 5, service_level: null }),
  ]);
  expect(made).toMatchObject({ inTime: 90, judged: 110 });
  expect(made?.serviceLevel).toBeCloseTo(90 / 110);
  expect(sum([interval("10:00")])?.serviceLevel).toBeNull();
  expect(sum([])).toBeNull();
});

test("the same intervals of several queues are laid upon each other, in order", () => {
  const made = together([
    [interval("11:00", { offered: 1 }), interval("10:00", { offered: 2 })],
    [interval("10:00", { offered: 3 })],
  ]);
  expect(made.map(({ begins_at, offered }) => [begins_at.slice(11, 13), offered])).toEqual([
    ["10", 5],
    ["11", 1],
  ]);
});

test("an agent's times add up, and occupancy is of the time in which she was there for calls", () => {
  const one = { begins_at: "a", ends_at: "b", ready_time: 50, queue_call_time: 40, ringing_time: 4, wrap_up_time: 6 } as AgentInterval;
  const made = sumOfAgent([{ ...one }, { ...one, ends_at: "c" }]);
  expect(made).toMatchObject({ begins_at: "a", ends_at: "c", ready_time: 100 });
  expect(occupancy(made!)).toBeCloseTo(0.5);
  expect(sumOfAgent([])).toBeNull();
  expect(occupancy({ ...made!, ready_time: 0, queue_call_time: 0, ringing_time: 0, wrap_up_time: 0 })).toBeNull();
});

test("midnight is by the clock of the place, also on days when it changes", () => {
  expect(midnight("2026-01-15", "Europe/Berlin")).toBe("2026-01-14T23:00:00.000Z");
  expect(midnight("2026-03-29", "Europe/Berlin")).toBe("2026-03-28T23:00:00.000Z");
  expect(midnight("2026-03-30", "Europe/Berlin")).toBe("2026-03-29T22:00:00.000Z");
  expect(midnight("2026-10-26", "Europe/Berlin")).toBe("2026-10-25T23:00:00.000Z");
  expect(midnight("2026-07-01", "Pacific/Auckland")).toBe("2026-06-30T12:00:00.000Z");
  expect(midnight("2026-07-01", "America/New_York")).toBe("2026-07-01T04:00:00.000Z");
  expect(midnight("2026-07-01", "UTC")).toBe("2026-07-01T00:00:00.000Z");
  expect(dayOf(Date.parse("2026-01-01T23:30:00Z"), "Europe/Berlin")).toBe("2026-01-02");
});

const now = Date.parse("2026-01-15T12:00:00Z");

test("a report is of today by the hour unless it says otherwise", () => {
  expect(span({}, "UTC", now)).toEqual({
    from: "2026-01-15T00:00:00.000Z",
    to: "2026-01-16T00:00:00.000Z",
    interval: "1h",
    zone: "UTC",
  });
  expect(span({ from: "2026-01-01", to: "2026-01-10" }, "UTC", now)).toMatchObject({ interval: "1d", to: "2026-01-11T00:00:00.000Z" });
});

test("a span that ends before it begins is one day, and none is longer than the API gives", () => {
  expect(span({ from: "2026-01-05", to: "2026-01-01" }, "UTC", now).to).toBe("2026-01-06T00:00:00.000Z");
  const long = span({ from: "2025-01-01", to: "2026-01-10", interval: "15m" }, "UTC", now);
  expect(daysBetween(long.from.slice(0, 10), long.to.slice(0, 10)) - 1).toBe(31);
});

test("what stands in the address is believed only as far as it makes sense", () => {
  expect(readWish({ queue: 8000, from: "2026-13-45", to: "today", interval: "2h", zone: "Moon/Base" })).toEqual({
    queue: "8000",
    agent: undefined,
    from: undefined,
    to: undefined,
    interval: undefined,
    zone: undefined,
  });
  expect(readWish({ zone: "Europe/Berlin", interval: "15m", from: "2026-01-01" })).toMatchObject({
    zone: "Europe/Berlin",
    interval: "15m",
    from: "2026-01-01",
  });
});

test("a picture reaches to the end of the last interval", () => {
  expect(reach([0, 900, 1800])).toEqual([0, 2700]);
  expect(reach([7200])).toEqual([7200, 10800]);
});
