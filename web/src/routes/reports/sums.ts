/** Sums of intervals: counts add up, means are weighted, shares are made anew from what they are shares of. Pure. */
import type { Schemas } from "~/api/client";

export type QueueInterval = Schemas["QueueIntervalItem"];
export type AgentInterval = Schemas["AgentIntervalItem"];

/** Why a call that was offered was neither answered nor given up. */
export const ELSEWHERE = ["overflow_timeout", "full", "no_agents", "closed", "night", "exited", "callback_requested", "removed"] as const;
export type Elsewhere = (typeof ELSEWHERE)[number];

export interface QueueSum {
  begins_at: string;
  ends_at: string;
  offered: number;
  answered: number;
  abandoned: number;
  abandonedShort: number;
  elsewhere: Record<Elsewhere, number>;
  elsewhereAll: number;
  /** Of the calls that the service level is about: in time, and all. */
  inTime: number;
  judged: number;
  /** 0 to 1. */
  serviceLevel: number | null;
  /** Seconds. */
  averageWait: number | null;
  longestWait: number;
  averageTalk: number | null;
  holds: number;
  holdTime: number;
  averageHandle: number | null;
}

/** How many calls a service level was made of; the API gives the level and what is above the line. */
function judged({ service_level, answered_in_time, answered, abandoned_late }: QueueInterval): number {
  if (service_level == null) return 0;
  return service_level > 0 ? Math.round(answered_in_time / service_level) : answered + abandoned_late;
}

/** A mean with its weight. */
interface Mean {
  total: number;
  count: number;
}

const plus = (a: Mean, total: number, count: number): Mean => ({ total: a.total + total, count: a.count + count });
const mean = ({ total, count }: Mean): number | null => (count > 0 ? total / count : null);
const weight = (total: number, average: number | null | undefined): number =>
  average ? Math.round(total / average) : 0;

/** One interval of several queues, or several intervals of one. */
export function sum(intervals: QueueInterval[]): QueueSum | null {
  const [first] = intervals;
  if (!first) return null;
  const nothing: Mean = { total: 0, count: 0 };
  let [wait, talk, handle] = [nothing, nothing, nothing];
  const made: QueueSum = {
    begins_at: first.begins_at,
    ends_at: first.ends_at,
    offered: 0,
    answered: 0,
    abandoned: 0,
    abandonedShort: 0,
    elsewhere: Object.fromEntries(ELSEWHERE.map((key) => [key, 0])) as Record<Elsewhere, number>,
    elsewhereAll: 0,
    inTime: 0,
    judged: 0,
    serviceLevel: null,
    averageWait: null,
    longestWait: 0,
    averageTalk: null,
    holds: 0,
    holdTime: 0,
    averageHandle: null,
  };
  for (const one of intervals) {
    if (one.begins_at < made.begins_at) made.begins_at = one.begins_at;
    if (one.ends_at > made.ends_at) made.ends_at = one.ends_at;
    made.offered += one.offered;
    made.answered += one.answered;
    made.abandoned += one.abandoned;
    made.abandonedShort += one.abandoned_short;
    for (const key of ELSEWHERE) {
      made.elsewhere[key] += one[key];
      made.elsewhereAll += one[key];
    }
    made.inTime += one.answered_in_time;
    made.judged += judged(one);
    made.holds += one.holds;
    made.holdTime += one.hold_time;
    made.longestWait = Math.max(made.longestWait, one.longest_wait);
    wait = plus(wait, (one.average_wait ?? 0) * one.answered, one.average_wait == null ? 0 : one.answered);
    talk = plus(talk, one.talk_time, weight(one.talk_time, one.average_talk));
    handle = plus(handle, one.handle_time, weight(one.handle_time, one.average_handle));
  }
  made.serviceLevel = made.judged > 0 ? made.inTime / made.judged : null;
  made.averageWait = mean(wait);
  made.averageTalk = mean(talk);
  made.averageHandle = mean(handle);
  return made;
}

/** The same intervals of several queues, laid upon each other. */
export function together(queues: QueueInterval[][]): QueueSum[] {
  const by = new Map<string, QueueInterval[]>();
  for (const one of queues.flat()) by.set(one.begins_at, [...(by.get(one.begins_at) ?? []), one]);
  return [...by.keys()].sort().flatMap((key) => sum(by.get(key) ?? []) ?? []);
}

const TIMES = [
  "logged_in_time",
  "ready_time",
  "not_ready_time",
  "ringing_time",
  "queue_call_time",
  "other_call_time",
  "wrap_up_time",
  "talk_time",
  "holds",
  "hold_time",
  "offered",
  "answered",
  "missed",
  "declined",
  "unreachable",
  "withdrawn",
  "other_calls",
] as const;

export type AgentSum = Record<(typeof TIMES)[number], number> & { begins_at: string; ends_at: string };

export function sumOfAgent(intervals: AgentInterval[]): AgentSum | null {
  const [first] = intervals;
  const last = intervals.at(-1);
  if (!first || !last) return null;
  const of = (key: (typeof TIMES)[number]): number => intervals.reduce((all, one) => all + one[key], 0);
  const sums = Object.fromEntries(TIMES.map((key) => [key, of(key)])) as Record<(typeof TIMES)[number], number>;
  return { ...sums, begins_at: first.begins_at, ends_at: last.ends_at };
}

/** Of the time in which she was there for calls, how much went to them: 0 to 1. */
export function occupancy(sums: AgentSum): number | null {
  const busy = sums.queue_call_time + sums.ringing_time + sums.wrap_up_time;
  const all = busy + sums.ready_time;
  return all > 0 ? busy / all : null;
}
