/** What a queue looks like at this moment, counted from its agents and its calls. Pure. */
import type { Agent, Call } from "~/live/fold";

export interface Figures {
  /** On the line, those being offered to somebody included. */
  waiting: number;
  /** When the one who waits longest came; null while nobody waits. */
  longestSince: string | null;
  /** Members who are logged in, with a phone that can be reached. */
  staffed: number;
  ready: number;
  ringing: number;
  /** On a call of this queue. */
  talking: number;
  /** On any other call. */
  elsewhere: number;
  wrapUp: number;
  notReady: number;
}

export const NOTHING: Figures = {
  waiting: 0,
  longestSince: null,
  staffed: 0,
  ready: 0,
  ringing: 0,
  talking: 0,
  elsewhere: 0,
  wrapUp: 0,
  notReady: 0,
};

/** Of every queue that has a member or a call. */
export function figures(agents: Iterable<Agent>, calls: Iterable<Call>): Map<string, Figures> {
  const all = new Map<string, Figures>();
  const of = (queue: string): Figures => {
    const known = all.get(queue);
    if (known) return known;
    const made = { ...NOTHING };
    all.set(queue, made);
    return made;
  };
  for (const agent of agents) {
    for (const membership of agent.queues) count(of(membership.queue), membership.state);
  }
  for (const call of calls) {
    if (call.state !== "waiting" || !call.queue) continue;
    const queue = of(call.queue);
    queue.waiting += 1;
    const since = call.enqueued_at ?? call.started_at;
    if (queue.longestSince === null || since < queue.longestSince) queue.longestSince = since;
  }
  return all;
}

function count(queue: Figures, state: Agent["state"]): void {
  switch (state) {
    case "offline":
    case "logged_out":
      return;
    case "ready":
      queue.ready += 1;
      break;
    case "ringing":
      queue.ringing += 1;
      break;
    case "queue_call":
      queue.talking += 1;
      break;
    case "other_call":
      queue.elsewhere += 1;
      break;
    case "wrap_up":
      queue.wrapUp += 1;
      break;
    case "not_ready":
      queue.notReady += 1;
      break;
  }
  queue.staffed += 1;
}

export const same = (a: Figures, b: Figures): boolean =>
  (Object.keys(NOTHING) as (keyof Figures)[]).every((key) => a[key] === b[key]);

/** What an agent is busy with, told apart; `another`: a call of another queue than the one that is looked at. */
export type Busy = "queue" | "another" | "direct" | "outbound" | "internal";

/** `seen`: her state in the queue that is looked at; her own if all are. */
export function busyWith(agent: Agent, call: Call | undefined, seen: Agent["state"] = agent.state): Busy | null {
  if (seen === "queue_call") return "queue";
  if (seen !== "other_call") return null;
  if (agent.state === "queue_call") return "another";
  if (call?.direction === "internal") return "internal";
  return call?.direction === "outbound" ? "outbound" : "direct";
}

/** Whether calls cannot reach her although she is at work. Who is offline is not: her state says so already. */
export const unreachable = (agent: Agent): boolean =>
  !agent.registered && agent.forward_when === "never" && agent.state !== "logged_out" && agent.state !== "offline";
