/** Folding what the socket tells. */
import { expect, test } from "vitest";
import { type Agent, type Call, fold, follows, type LiveEvent, nothingKnown, replace, type Snapshot } from "./fold";

const agent = (extension: string | null, state = "ready"): Agent =>
  ({ id: `id-${extension}`, extension, state }) as Agent;
const call = (id: string, state = "waiting"): Call => ({ id, state }) as Call;
const event = (seq: number, more: Partial<LiveEvent>): LiveEvent => ({ type: "updated", seq, at: "2026-01-01T00:00:00Z", ...more });

const snapshot: Snapshot = {
  type: "snapshot",
  seq: 7,
  at: "2026-01-01T00:00:00Z",
  state: {
    domain: { name: "acme.test", night_mode: false, timezone: "Europe/Berlin" },
    agents: [agent("1001"), agent("1002")],
    queues: [],
    calls: [call("1")],
  },
};

function known() {
  const made = nothingKnown();
  replace(made, snapshot);
  return made;
}

test("a snapshot replaces everything that was known", () => {
  const made = known();
  fold(made, event(8, { calls: [call("2")] }));
  const changed = replace(made, { ...snapshot, seq: 20, state: { ...snapshot.state, calls: [] } });
  expect(made.seq).toBe(20);
  expect(made.calls.size).toBe(0);
  expect(changed.all).toBe(true);
});

test("an event replaces the items that it carries, and says which", () => {
  const made = known();
  const untouched = made.agents.get("1002");
  const changed = fold(made, event(8, { agents: [agent("1001", "not_ready")], calls: [call("1", "connected")] }));
  expect(made.agents.get("1001")?.state).toBe("not_ready");
  expect(made.agents.get("1002")).toBe(untouched);
  expect(made.calls.get("1")?.state).toBe("connected");
  expect([...changed.agents]).toEqual(["1001"]);
  expect(changed.all).toBe(false);
});

test("calls that ended are gone, and told as changed", () => {
  const made = known();
  const changed = fold(made, event(8, { calls_ended: ["1"] }));
  expect(made.calls.has("1")).toBe(false);
  expect([...changed.calls]).toEqual(["1"]);
});

test("a whole event starts over: what is not in it is gone", () => {
  const made = known();
  fold(made, event(8, { whole: true, agents: [agent("1003")] }));
  expect([...made.agents.keys()]).toEqual(["1003"]);
  expect(made.calls.size).toBe(0);
});

test("an agent without an extension is told apart by her id", () => {
  const made = known();
  fold(made, event(8, { agents: [agent(null)] }));
  expect(made.agents.get("#id-null")?.state).toBe("ready");
});

test("a gap is noticed", () => {
  const made = known();
  expect(follows(made, event(8, {}))).toBe(true);
  expect(follows(made, event(9, {}))).toBe(false);
});
