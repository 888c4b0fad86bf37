/** Which agents are shown, and in which order. Pure. */
import { type Agent, agentKey } from "~/live/fold";

export type SortBy = "extension" | "name" | "state" | "since";

export interface Wish {
  text: string;
  queue: string | null;
  group: string | null;
  sort: SortBy;
  /** Only those who are logged in to at least one queue. */
  present: boolean;
}

/** Who belongs to a group; null while that is not known. */
export type Groups = Map<string, string[]> | null;

/** States that a supervisor looks for first come first. */
const RANK: Record<Agent["state"], number> = {
  queue_call: 0,
  other_call: 1,
  ringing: 2,
  wrap_up: 3,
  ready: 4,
  not_ready: 5,
  logged_out: 6,
  offline: 7,
};

const text = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" }).compare;
const moment = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const extension = (a: Agent, b: Agent): number => text(agentKey(a), agentKey(b));

const ORDERS: Record<SortBy, (a: Agent, b: Agent) => number> = {
  extension,
  name: (a, b) => text(a.name, b.name) || extension(a, b),
  state: (a, b) => RANK[a.state] - RANK[b.state] || moment(a.state_since, b.state_since) || extension(a, b),
  since: (a, b) => moment(a.state_since, b.state_since) || extension(a, b),
};

export function fits(agent: Agent, wish: Wish, groups: Groups): boolean {
  if (wish.present && (agent.state === "offline" || agent.state === "logged_out")) return false;
  if (wish.queue && !agent.queues.some(({ queue }) => queue === wish.queue)) return false;
  if (wish.group && groups && !groups.get(agent.extension ?? "")?.includes(wish.group)) return false;
  const wanted = wish.text.trim().toLocaleLowerCase();
  return !wanted || `${agent.extension ?? ""} ${agent.name}`.toLocaleLowerCase().includes(wanted);
}

/** The keys of those who fit, in order. */
export const ordered = (agents: Iterable<Agent>, wish: Wish, groups: Groups): string[] =>
  [...agents].filter((agent) => fits(agent, wish, groups)).sort(ORDERS[wish.sort]).map(agentKey);
