/** Figures of queues, marks and order of the wallboard. */
import { expect, test } from "vitest";
import type { Agent, Call } from "~/live/fold";
import { busyWith, figures, NOTHING, same, unreachable } from "./figures";
import { wrapUpUntil } from "~/live/wrapUp";
import { fits, ordered, type Wish } from "./order";
import { DEFAULTS, inOrder, level, load, read, save } from "./thresholds";

const agent = (extension: string, state: Agent["state"], more: Partial<Agent> = {}): Agent =>
  ({
    id: extension,
    extension,
    name: `Agent ${extension}`,
    state,
    state_since: "2026-01-01T10:00:00Z",
    status: "active",
    registered: true,
    forward_when: "never",
    queues: [{ queue: "8000", state }],
    ...more,
  }) as Agent;
const call = (id: string, more: Partial<Call>): Call =>
  ({ id, state: "waiting", queue: "8000", started_at: "2026-01-01T10:00:00Z", ...more }) as Call;

test("a queue is counted from its agents and its calls", () => {
  const states = ["ready", "ready", "queue_call", "other_call", "wrap_up", "not_ready", "ringing", "logged_out", "offline"];
  const agents = states.map((state, n) => agent(String(n), state as Agent["state"]));
  const calls = [
    call("1", { enqueued_at: "2026-01-01T10:00:30Z" }),
    call("2", { enqueued_at: "2026-01-01T10:00:10Z" }),
    call("3", { state: "connected" }),
  ];
  expect(figures(agents, calls).get("8000")).toEqual({
    waiting: 2,
    longestSince: "2026-01-01T10:00:10Z",
    staffed: 7,
    ready: 2,
    ringing: 1,
    talking: 1,
    elsewhere: 1,
    wrapUp: 1,
    notReady: 1,
  });
});

test("what is the same is known to be", () => {
  expect(same(NOTHING, { ...NOTHING })).toBe(true);
  expect(same(NOTHING, { ...NOTHING, ready: 1 })).toBe(false);
});

test("busy is told apart: queue, from outside, to outside, inside", () => {
  const other = agent("1", "other_call");
  expect(busyWith(agent("1", "queue_call"), undefined)).toBe("queue");
  expect(busyWith(other, call("1", { direction: "internal" }))).toBe("internal");
  expect(busyWith(other, call("1", { direction: "outbound" }))).toBe("outbound");
  expect(busyWith(other, undefined)).toBe("direct");
  expect(busyWith(agent("1", "ready"), undefined)).toBeNull();
  // Looked at in one queue, she is on a call of another.
  expect(busyWith(agent("1", "queue_call"), undefined, "other_call")).toBe("another");
});

test("the wrap-up that ends last counts, and none without an end", () => {
  const queues = [{ wrap_up_until: "2026-01-01T10:00:05Z" }, { wrap_up_until: "2026-01-01T10:00:09Z" }, {}];
  expect(wrapUpUntil(agent("1", "wrap_up", { queues: queues as Agent["queues"] }))).toBe("2026-01-01T10:00:09Z");
  expect(wrapUpUntil(agent("1", "wrap_up"))).toBeNull();
  expect(wrapUpUntil(agent("1", "ready", { queues: queues as Agent["queues"] }))).toBeNull();
});

test("without a phone nobody is reached, unless calls go to a personal one", () => {
  expect(unreachable(agent("1", "wrap_up", { registered: false }))).toBe(true);
  expect(unreachable(agent("1", "wrap_up", { registered: false, forward_when: "offline" }))).toBe(false);
  expect(unreachable(agent("1", "ready"))).toBe(false);
  expect(unreachable(agent("1", "offline", { registered: false }))).toBe(false);
});

test("a figure is marked from its threshold on, in the direction that is worse", () => {
  expect(level("waiting", 2, DEFAULTS.waiting)).toBe("fine");
  expect(level("waiting", 3, DEFAULTS.waiting)).toBe("warn");
  expect(level("waiting", 6, DEFAULTS.waiting)).toBe("alarm");
  expect(level("service", 81, DEFAULTS.service)).toBe("fine");
  expect(level("service", 80, DEFAULTS.service)).toBe("warn");
  expect(level("service", 10, DEFAULTS.service)).toBe("alarm");
  expect(level("service", null, DEFAULTS.service)).toBe("fine");
  expect(inOrder("service", { warn: 60, alarm: 80 })).toBe(false);
  expect(inOrder("waiting", { warn: 3, alarm: 6 })).toBe(true);
});

test("thresholds are kept for each domain, and nonsense is not believed", () => {
  save("acme.test", { ...DEFAULTS, waiting: { warn: 1, alarm: 2 } });
  expect(load("acme.test").waiting).toEqual({ warn: 1, alarm: 2 });
  expect(load("other.test")).toEqual(DEFAULTS);
  localStorage.setItem("wallboard-thresholds/acme.test", "{");
  expect(load("acme.test")).toEqual(DEFAULTS);
  expect(read({ waiting: { warn: "x", alarm: -1 }, longest: { warn: 5, alarm: 9 } })).toEqual({
    ...DEFAULTS,
    longest: { warn: 5, alarm: 9 },
  });
});

const wish = (more: Partial<Wish>): Wish => ({ text: "", queue: null, group: null, sort: "extension", present: false, ...more });

test("agents are found by text, queue, group and presence", () => {
  const ann = agent("1001", "ready", { name: "Ann Ash" });
  const groups = new Map([["1001", ["support"]]]);
  expect(fits(ann, wish({ text: " aSH" }), null)).toBe(true);
  expect(fits(ann, wish({ text: "100" }), null)).toBe(true);
  expect(fits(ann, wish({ text: "ben" }), null)).toBe(false);
  expect(fits(ann, wish({ queue: "8001" }), null)).toBe(false);
  expect(fits(ann, wish({ group: "support" }), groups)).toBe(true);
  expect(fits(ann, wish({ group: "sales" }), groups)).toBe(false);
  expect(fits(agent("1", "logged_out"), wish({ present: true }), null)).toBe(false);
});

test("agents are put in order", () => {
  const agents = [
    agent("1010", "ready", { name: "Ben" }),
    agent("1002", "queue_call", { name: "Cleo" }),
    agent("1003", "queue_call", { name: "ann", state_since: "2026-01-01T09:00:00Z" }),
  ];
  const by = (sort: Wish["sort"]) => ordered(agents, wish({ sort }), null);
  expect(by("extension")).toEqual(["1002", "1003", "1010"]);
  expect(by("name")).toEqual(["1003", "1010", "1002"]);
  expect(by("state")).toEqual(["1003", "1002", "1010"]);
  expect(by("since")).toEqual(["1003", "1002", "1010"]);
});
