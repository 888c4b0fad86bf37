/** Which calls are an agent's own at this moment, and how she stands in her queues: read from the live state. */
import type { Schemas } from "~/api/client";
import { callerOf } from "./caller";
import type { Agent, Call } from "./fold";

export type Membership = Schemas["MembershipItem"];
type Leg = Schemas["LegItem"];

/** What a call is to her: her phone rings, she is talking, or she has dialed and waits. */
export type Part = "ringing" | "talking" | "calling";

export interface OwnCall {
  call: Call;
  part: Part;
  /** Whether she began it. */
  outgoing: boolean;
  /** The other side: number and name as they are shown, either may be empty. */
  number: string;
  name: string;
  /** Since when it rings or is talked. */
  since: string;
}

/** Her calls, those that she is talking on first, then the oldest. */
export function ownCalls(calls: Call[], extension: string): OwnCall[] {
  const own = calls.flatMap((call) => {
    const found = ownCall(call, extension);
    return found ? [found] : [];
  });
  const rank: Record<Part, number> = { talking: 0, calling: 1, ringing: 2 };
  return own.sort((a, b) => rank[a.part] - rank[b.part] || a.since.localeCompare(b.since));
}

export function ownCall(call: Call, extension: string): OwnCall | null {
  const legs = call.legs.filter((leg) => leg.extension === extension || leg.agent === extension);
  const leg = legs.findLast((one) => !one.ended_at);
  if (!leg || call.ended_at) return null;
  const outgoing = call.legs[0]?.id === leg.id || isHers(call, extension);
  const answered = leg.status === "answered";
  const talking = answered && call.state === "connected";
  // Her own leg, where she dialed, does not ring; where somebody has a call made for her, it does, and first.
  const rings = !answered && (!outgoing || !!leg.ringing_at);
  const part: Part = talking ? "talking" : rings ? "ringing" : "calling";
  const since = (talking ? call.answered_at : null) ?? leg.ringing_at ?? leg.started_at;
  return { call, part, outgoing, since, ...otherSide(call, extension, outgoing) };
}

/** A call that she had made for her: her own phone rings first, then the other one. */
const isHers = (call: Call, extension: string): boolean =>
  call.direction !== "inbound" && call.caller.number === extension;

function otherSide(call: Call, extension: string, outgoing: boolean): { number: string; name: string } {
  if (outgoing) return { number: call.dialed, name: "" };
  return call.caller.number === extension ? { number: call.dialed, name: "" } : callerOf(call);
}

/** What will be when her call ends; null: she stays as she is. */
export function pending(agent: Agent): { what: Schemas["PendingWord"]; reason: string | null } | null {
  const first = agent.queues.find((queue) => queue.pending);
  return first?.pending ? { what: first.pending, reason: first.pending_reason ?? null } : null;
}

export interface Choices {
  ready: boolean;
  notReady: boolean;
  logIn: boolean;
  logOut: boolean;
}

const OUT = ["offline", "logged_out"];
const CALL = ["ringing", "queue_call", "other_call"];

/** What can be chosen for these memberships; the present choice is left out. */
export function choices(memberships: Pick<Membership, "state" | "pending">[]): Choices {
  const some = (test: (one: Pick<Membership, "state" | "pending">) => boolean) => memberships.some(test);
  const inside = memberships.filter((one) => !OUT.includes(one.state));
  const onCall = (state: string) => CALL.includes(state);
  return {
    ready: inside.some((one) => one.state === "not_ready" || one.state === "wrap_up" || one.pending),
    notReady: inside.some((one) => one.state === "ready" || one.state === "wrap_up" || (onCall(one.state) && one.pending !== "not_ready")),
    logIn: some((one) => OUT.includes(one.state)),
    logOut: inside.some((one) => one.pending !== "logout"),
  };
}

/** Whether her queues do not all see the same of her; a call that is one queue's is only another's other call. */
export const differ = (agent: Agent): boolean =>
  new Set(agent.queues.map(({ state, reason }) => (CALL.includes(state) ? "call" : `${state} ${reason ?? ""}`))).size > 1;

export interface Waiting {
  count: number;
  /** Since when the one who waits longest waits. */
  since: string | null;
  calls: Call[];
}

/** Who waits in a queue, the longest first. */
export function waitingIn(calls: Call[], queue: string): Waiting {
  const waiting = calls
    .filter((call) => call.state === "waiting" && call.queue === queue)
    .sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0) || since(a).localeCompare(since(b)));
  const oldest = waiting.map(since).sort()[0] ?? null;
  return { count: waiting.length, since: oldest, calls: waiting };
}

const since = (call: Call): string => call.enqueued_at ?? call.started_at;

/** How an ended call went for her. */
export type Went = "answered" | "missed" | "declined" | "made" | "not_reached";

export function went(call: Call, extension: string): Went {
  const legs = call.legs.filter((leg: Leg) => leg.extension === extension || leg.agent === extension);
  const outgoing = isHers(call, extension);
  if (outgoing) return call.answered_at ? "made" : "not_reached";
  if (legs.some((leg) => leg.answered_at)) return "answered";
  return legs.some((leg) => leg.status === "declined") ? "declined" : "missed";
}

/** Seconds that were talked; 0 if none. */
export function talked(call: Call): number {
  if (!call.answered_at || !call.ended_at) return 0;
  return Math.max(0, (Date.parse(call.ended_at) - Date.parse(call.answered_at)) / 1000);
}
