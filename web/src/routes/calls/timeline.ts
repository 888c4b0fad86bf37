/** A call on one line of time: each stay in a queue and each leg as a bar with its parts. Pure. */
import type { Schemas } from "~/api/client";
import type { Call } from "~/live/fold";

export type Part = "waits" | "rings" | "talks";

export interface Bar {
  key: string;
  kind: "stay" | "leg";
  stay?: Schemas["StayItem"];
  leg?: Schemas["LegItem"];
  /** Parts of the whole, 0 to 1. */
  parts: { part: Part; from: number; to: number }[];
  /** Milliseconds. */
  begins: number;
  ends: number;
}

export interface Timeline {
  begins: number;
  ends: number;
  bars: Bar[];
}

/** Less than this cannot be seen, and is shown as this. */
const SEEN_MIN = 0.004;

export function timeline(call: Call, now: number): Timeline {
  const begins = Date.parse(call.started_at);
  const end = call.ended_at ? Date.parse(call.ended_at) : now;
  const ends = Math.max(end, begins + 1);
  const place = (at: number): number => Math.min(1, Math.max(0, (at - begins) / (ends - begins)));
  const part = (name: Part, from: number, to: number) => {
    const left = Math.min(place(from), 1 - SEEN_MIN);
    return { part: name, from: left, to: Math.max(place(to), left + SEEN_MIN) };
  };
  const stays: Bar[] = call.queues.map((stay, n) => {
    const [from, to] = [Date.parse(stay.entered_at), Date.parse(stay.left_at)];
    return { key: `stay-${n}`, kind: "stay", stay, begins: from, ends: to, parts: [part("waits", from, to)] };
  });
  const waiting = waitsNow(call, ends);
  const legs: Bar[] = call.legs.map((leg) => {
    const from = Date.parse(leg.started_at);
    const to = leg.ended_at ? Date.parse(leg.ended_at) : ends;
    const answered = leg.answered_at ? Date.parse(leg.answered_at) : null;
    const parts = answered === null ? [part("rings", from, to)] : [
      ...(answered > from ? [part("rings", from, answered)] : []),
      part("talks", answered, to),
    ];
    return { key: `leg-${leg.id}`, kind: "leg", leg, begins: from, ends: to, parts };
  });
  const bars = [...stays, ...(waiting ? [waiting] : []), ...legs].sort((a, b) => a.begins - b.begins || a.ends - b.ends);
  return { begins, ends, bars };

  /** While it waits there is no record of the stay yet. */
  function waitsNow({ state, queue, enqueued_at }: Call, until: number): Bar | null {
    if (state !== "waiting" || !queue || !enqueued_at) return null;
    const from = Date.parse(enqueued_at);
    const stay = { queue, entered_at: enqueued_at, left_at: "", waited: 0, outcome: "answered" } as Schemas["StayItem"];
    return { key: "waiting", kind: "stay", stay, begins: from, ends: until, parts: [part("waits", from, until)] };
  }
}

/** The stay that a row of the list is about: in the queue that was asked for, or the last one. */
export const stayOf = (call: Call, queue: string | undefined): Schemas["StayItem"] | undefined =>
  (queue ? call.queues.findLast((stay) => stay.queue === queue) : undefined) ?? call.queues.at(-1);

/** Milliseconds that were talked; null if nobody did. */
export function talked(call: Call, now: number): number | null {
  if (!call.answered_at) return null;
  return (call.ended_at ? Date.parse(call.ended_at) : now) - Date.parse(call.answered_at);
}
