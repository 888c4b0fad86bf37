/** Being ready again after a moment without a phone. */
import { expect, test } from "vitest";
import type { Agent } from "~/live/fold";
import { missed } from "./resume";

const at = "2026-01-01T10:00:00Z";
const agent = (queues: object[]): Agent => ({ queues }) as unknown as Agent;
const lost = { queue: "8000", state: "not_ready", reason: "device_down", state_since: at };
const soon = Date.parse(at) + 5_000;

test("queues that lost her phone a moment ago have her again; what she wished herself stays", () => {
  const wished = { ...lost, queue: "8001", reason: "lunch" };
  const out = { ...lost, queue: "8002", state: "logged_out", reason: null };
  expect(missed(agent([lost, wished, out]), soon)).toEqual(["8000"]);
});

test("a phone that was away for long is no reload", () => {
  expect(missed(agent([lost]), Date.parse(at) + 61_000)).toEqual([]);
});
