/** A row of the wallboard: written as the agent changes, drawn anew only with her name and her queues. */
import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Agent, Call } from "~/live/fold";
import { LiveOf } from "~/live/live";
import type { LiveStore } from "~/live/store";
import { Ticking } from "~/live/ticking";
import { show } from "~/testing";
import { AgentRow } from "./AgentRow";

type Membership = Agent["queues"][number];
const member = (queue: string, more: Partial<Membership> = {}) =>
  ({ queue, name: `Queue ${queue}`, state: "ready", available_for_dispatch: true, ...more }) as Membership;
const ann = (more: Partial<Agent> = {}): Agent =>
  ({
    id: "1",
    extension: "1001",
    name: "Ann Ash",
    status: "active",
    state: "ready",
    state_since: "2026-01-01T09:59:50Z",
    registered: true,
    dnd: false,
    queues: [member("8000"), member("8001", { state: "logged_out", available_for_dispatch: false })],
    ...more,
  }) as Agent;

/** What is live, changed by the test. */
class World {
  agent: Agent = ann();
  calls = new Map<string, Call>();
  clock = Date.parse("2026-01-01T10:00:00Z");
  readonly heard = new Map<string, Set<() => void>>();
  readonly store = {
    status: { live: true, known: true, heardAt: 0 },
    now: () => this.clock,
    agent: () => this.agent,
    call: (id: string | null) => (id ? this.calls.get(id) : undefined),
    subscribe: (topic: string, listener: () => void) => {
      const of = this.heard.get(topic) ?? new Set();
      this.heard.set(topic, of.add(listener));
      return () => of.delete(listener);
    },
  } as unknown as LiveStore;

  change(agent: Agent) {
    this.agent = agent;
    this.tell("agents/1001");
  }
  tell(topic: string) {
    act(() => this.heard.get(topic)?.forEach((listener) => listener()));
  }
  listeners = (topic: string) => this.heard.get(topic)?.size ?? 0;
}

let world: World;
beforeEach(() => {
  vi.useFakeTimers();
  world = new World();
});
afterEach(() => vi.useRealTimers());

const row = (queue: string | null = null, plain = false) =>
  show(
    <LiveOf value={world.store}>
      <Ticking>
        <table>
          <tbody>
            <AgentRow agentKey="1001" queue={queue} onOpen={null} plain={plain} say={(reason) => reason.toUpperCase()} />
          </tbody>
        </table>
      </Ticking>
    </LiveOf>,
  );
const cells = () => [...screen.getByRole("row").children].map((cell) => cell.textContent?.replace(/\s+/g, " ").trim());
const queues = () => [...document.querySelectorAll<HTMLElement>("[data-cell=queue]")].map(({ dataset, textContent }) => [textContent, dataset.in, dataset.next]);

test("what she does is written: state, since when, where", () => {
  row();
  expect(cells().slice(0, 3)).toEqual(["Ann Ash 1001", "● Ready", expect.stringMatching(/^0:10/)]);
  expect(queues()).toEqual([
    ["8000", "true", "true"],
    ["8001", "false", "false"],
  ]);
});

test("a change is written into the cells that are there", () => {
  row();
  const [before, queue] = [screen.getByRole("row"), document.querySelector("[data-cell=queue]")];
  world.change(ann({ state: "not_ready", reason: "lunch", dnd: true, queues: [member("8000", { available_for_dispatch: false }), member("8001")] }));
  expect(cells()[1]).toBe("‖ Not ready: LUNCH do not disturb");
  expect(queues()[0]).toEqual(["8000", "true", "false"]);
  expect([screen.getByRole("row"), document.querySelector("[data-cell=queue]")]).toEqual([before, queue]);
});

test("another name and other queues draw it anew, and it goes on being written", () => {
  row();
  world.change(ann({ state: "wrap_up", queues: [member("8000", { state: "wrap_up", wrap_up_until: "2026-01-01T10:00:30Z" })] }));
  world.change(ann({ name: "Ann Aspen", queues: [member("8002")] }));
  expect(cells()[0]).toBe("Ann Aspen 1001");
  expect(document.querySelector("[data-cell=left]")?.parentElement?.hidden).toBe(true);
  expect(queues()).toEqual([["8002", "true", "true"]]);
  world.change(ann({ name: "Ann Aspen", state: "ringing", queues: [member("8002")] }));
  expect(cells()[1]).toBe("◎ Ringing");
});

test("her call is followed as long as it is hers", () => {
  row();
  const call = (name: string) => ({ id: "7", queue: "8000", caller: { name, number: "+49301" }, legs: [], direction: "inbound" }) as unknown as Call;
  world.calls.set("7", call(""));
  world.change(ann({ state: "queue_call", call: "7" }));
  expect(cells()[3]).toBe("+49301 · 8000");
  world.calls.set("7", call("Clara"));
  world.tell("calls/7");
  expect(cells()[3]).toBe("\u2068Clara\u2069 · 8000");
  world.calls.set("7", { ...call("Clara"), held: true });
  world.tell("calls/7");
  expect(cells()[1]).toBe("■ Queue call on hold");
  world.change(ann());
  expect([cells()[3], world.listeners("calls/7")]).toEqual(["", 0]);
});

test("times go on by themselves, wrap-up backwards, and only where there is one", () => {
  row();
  const left = () => document.querySelector("[data-cell=left]")?.parentElement as HTMLElement;
  expect(left().hidden).toBe(true);
  world.change(ann({ state: "wrap_up", queues: [member("8000", { state: "wrap_up", wrap_up_until: "2026-01-01T10:00:30Z" })] }));
  expect([left().hidden, document.querySelector("[data-cell=left]")?.textContent]).toEqual([false, "0:30"]);
  world.clock += 5_000;
  act(() => void vi.advanceTimersByTime(1_000));
  expect([document.querySelector("[data-cell=since]")?.textContent, document.querySelector("[data-cell=left]")?.textContent]).toEqual(["0:15", "0:25"]);
});

test("with one queue chosen, what she is there is shown", () => {
  row("8001");
  expect(cells()[1]).toBe("◌ Logged out");
});

test("a call of another queue than the chosen one is said to be that", () => {
  row("8001");
  const queues = [member("8000", { state: "queue_call" }), member("8001", { state: "other_call" })];
  world.change(ann({ state: "queue_call", queues }));
  expect(cells()[1]).toBe("□ Call of another queue");
});

test("an agent without an extension has not made the calls that no agent made", () => {
  row();
  const caller = { name: "Clara", number: "+49301" };
  const legs = [{ id: "a", agent: null, extension: null, status: "answered" }];
  world.calls.set("7", { id: "7", queue: "8000", caller, dialed: "+49300", legs, direction: "inbound" } as unknown as Call);
  world.change(ann({ extension: null, state: "queue_call", call: "7" }));
  expect(cells()[3]).toBe("\u2068Clara\u2069 · 8000");
});

test("nothing of it listens any more when it is gone", () => {
  const { unmount } = row();
  unmount();
  expect(world.listeners("agents/1001")).toBe(0);
});
