/** What the event socket tells, folded into what is: a snapshot, then everything that each event changed. */
import type { Schemas } from "~/api/client";

export type Agent = Schemas["AgentItem"];
export type Queue = Schemas["QueueItem"];
export type Call = Schemas["CallItem"];
export type Domain = Schemas["DomainItem"];

/** The lists that an event may carry, and what tells their items apart. */
export interface Lists {
  agents: Map<string, Agent>;
  queues: Map<string, Queue>;
  calls: Map<string, Call>;
}

export type ListName = keyof Lists;

export interface Known extends Lists {
  domain: Domain | null;
  /** The last event that is in it. */
  seq: number;
}

export interface Snapshot {
  type: "snapshot";
  seq: number;
  at: string;
  state: { domain: Domain; agents: Agent[]; queues: Queue[]; calls: Call[] };
}

/** One event; what else it says depends on its `type`. */
export interface LiveEvent {
  type: string;
  seq: number;
  at: string;
  domain?: Domain;
  agents?: Agent[];
  queues?: Queue[];
  calls?: Call[];
  calls_ended?: string[];
  whole?: boolean;
  [more: string]: unknown;
}

export interface Pong {
  type: "pong";
  at: string;
}

/** For whom only a part is meant: everything up to `seq` is behind. */
export interface Progress {
  type: "progress";
  seq: number;
  at: string;
}

export type Message = Snapshot | LiveEvent | Progress | Pong;

/** What a message changed: keys per list; `all` where a whole list was replaced. */
export interface Changed {
  domain: boolean;
  all: boolean;
  agents: Set<string>;
  queues: Set<string>;
  calls: Set<string>;
}

/** An agent without an extension is told apart by her id. */
export const agentKey = (agent: Agent): string => agent.extension ?? `#${agent.id}`;

const byKey = <T>(items: T[], key: (item: T) => string): Map<string, T> =>
  new Map(items.map((item) => [key(item), item]));

export const nothingKnown = (): Known => ({
  domain: null,
  seq: -1,
  agents: new Map(),
  queues: new Map(),
  calls: new Map(),
});

export const isSnapshot = (message: Message): message is Snapshot => message.type === "snapshot";
export const isProgress = (message: Message): message is Progress => message.type === "progress";
export const isPong = (message: Message): message is Pong => message.type === "pong";

const everything = (): Changed => ({ ...nothing(), domain: true, all: true });
const nothing = (): Changed => ({
  domain: false,
  all: false,
  agents: new Set(),
  queues: new Set(),
  calls: new Set(),
});

/** Takes a snapshot: whatever was known before is gone. */
export function replace(known: Known, snapshot: Snapshot): Changed {
  const { domain, agents, queues, calls } = snapshot.state;
  known.domain = domain;
  known.seq = snapshot.seq;
  known.agents = byKey(agents, agentKey);
  known.queues = byKey(queues, (queue) => queue.number);
  known.calls = byKey(calls, (call) => call.id);
  return everything();
}

/** Takes an event; each list is changed in place, each item replaced whole. */
export function fold(known: Known, event: LiveEvent): Changed {
  known.seq = event.seq;
  if (event.domain) known.domain = event.domain;
  if (event.whole) {
    known.agents = byKey(event.agents ?? [], agentKey);
    known.queues = byKey(event.queues ?? [], (queue) => queue.number);
    known.calls = byKey(event.calls ?? [], (call) => call.id);
    return everything();
  }
  const changed = { ...nothing(), domain: event.domain !== undefined };
  for (const agent of event.agents ?? []) put(known.agents, agentKey(agent), agent, changed.agents);
  for (const queue of event.queues ?? []) put(known.queues, queue.number, queue, changed.queues);
  for (const call of event.calls ?? []) put(known.calls, call.id, call, changed.calls);
  for (const id of event.calls_ended ?? []) {
    known.calls.delete(id);
    changed.calls.add(id);
  }
  return changed;
}

/** Whether an event is the one that follows; else something was missed and all must be asked for anew. */
export const follows = (known: Known, event: LiveEvent): boolean => event.seq === known.seq + 1;

function put<T>(list: Map<string, T>, key: string, item: T, changed: Set<string>): void {
  list.set(key, item);
  changed.add(key);
}
