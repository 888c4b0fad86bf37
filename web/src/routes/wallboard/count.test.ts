/** When queues are counted: at once when there is something for the first time, and then a few times a second. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Agent } from "~/live/fold";
import type { LiveStore } from "~/live/store";
import { Count } from "./count";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("the first agents are counted at once, and changes together a little later", () => {
  let agents: Agent[] = [];
  const heard: (() => void)[] = [];
  const live = {
    get unsorted() {
      return { agents, calls: [] };
    },
    subscribe: (_: string, listener: () => void) => {
      heard.push(listener);
      return () => {};
    },
  } as unknown as LiveStore;
  const change = (state: string) => {
    agents = [{ state, queues: [{ queue: "8000", state, available_for_dispatch: true }] } as unknown as Agent];
    heard.forEach((tell) => tell());
  };
  const count = new Count(live);
  const end = count.start();
  expect(count.of("8000").ready).toBe(0);
  change("ready");
  expect([count.of("8000").ready, count.of("8000").staffed]).toEqual([1, 1]);
  change("not_ready");
  expect(count.of("8000").ready).toBe(1);
  vi.runAllTimers();
  expect([count.of("8000").ready, count.of("8000").notReady]).toEqual([0, 1]);
  end();
});
