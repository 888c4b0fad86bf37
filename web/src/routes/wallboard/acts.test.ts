/** Taking back what was done to an agent. */
import { expect, test } from "vitest";
import type { Agent } from "~/live/fold";
import { undo, verbs } from "./acts";

type Membership = Agent["queues"][number];
const membership = (queue: string, state: Agent["state"], more: Partial<Membership> = {}) =>
  ({ queue, state, reason: null, pending: null, pending_reason: null, ...more }) as Membership;
const agent = (...queues: Membership[]): Agent => ({ registered: true, queues }) as Agent;

test("only what was changed is taken back", () => {
  const before = agent(membership("8000", "ready"), membership("8001", "not_ready", { reason: "lunch" }));
  const after = agent(membership("8000", "not_ready", { reason: "supervisor" }), before.queues[1]!);
  expect(undo(before, after)).toEqual([{ verb: "ready", queue: "8000" }]);
});

test("a reason comes back with its state", () => {
  const before = agent(membership("8001", "not_ready", { reason: "lunch" }));
  expect(undo(before, agent(membership("8001", "ready")))).toEqual([
    { verb: "not-ready", queue: "8001", reason: "lunch" },
  ]);
});

test("who was logged out is logged in again first", () => {
  const before = agent(membership("8000", "ready"));
  expect(undo(before, agent(membership("8000", "logged_out")))).toEqual([
    { verb: "login", queue: "8000" },
    { verb: "ready", queue: "8000" },
  ]);
});

test("a log-in is taken back by a log-out", () => {
  const before = agent(membership("8000", "logged_out"));
  expect(undo(before, agent(membership("8000", "not_ready")))).toEqual([{ verb: "logout", queue: "8000" }]);
});

test("in a call what was pending is pending again", () => {
  const before = agent(membership("8000", "queue_call"));
  expect(undo(before, agent(membership("8000", "queue_call", { pending: "logout" })))).toEqual([
    { verb: "ready", queue: "8000" },
  ]);
  const away = agent(membership("8000", "queue_call", { pending: "not_ready", pending_reason: "lunch" }));
  expect(undo(away, before)).toEqual([{ verb: "not-ready", queue: "8000", reason: "lunch" }]);
});

test("a queue that she has left meanwhile is left alone", () => {
  expect(undo(agent(membership("8000", "ready")), agent())).toEqual([]);
  expect(undo(agent(membership("8000", "ready")), undefined)).toEqual([]);
});

test("only verbs that mean something are offered", () => {
  expect(verbs(agent(membership("8000", "logged_out")))).toEqual(["login"]);
  expect(verbs(agent(membership("8000", "ready")))).toEqual(["not-ready", "logout"]);
  expect(verbs(agent(membership("8000", "not_ready")))).toEqual(["ready", "not-ready", "logout"]);
  expect(verbs(agent())).toEqual([]);
});
