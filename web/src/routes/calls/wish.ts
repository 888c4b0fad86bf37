/** Which calls are asked for: as it stands in the address, and as the API wants it. Pure. */
import { type Outcome, OUTCOMES } from "~/components/Call/words";

export interface Wish {
  queue?: string | undefined;
  outcome?: Outcome | undefined;
  agent?: string | undefined;
  caller?: string | undefined;
  /** RFC 3339. */
  from?: string | undefined;
  to?: string | undefined;
}

/** The API asks for three signs of a number at least. */
export const CALLER_MIN = 3;
const CALLER_MAX = 32;
const NUMBER_MAX = 32;

/** What stands in the address is from outside. */
export function readWish(search: Record<string, unknown>): Wish {
  const text = (key: string, max: number): string | undefined => {
    const value = search[key];
    const known = typeof value === "string" || typeof value === "number" ? String(value).trim().slice(0, max) : "";
    return known || undefined;
  };
  const time = (key: string): string | undefined => {
    const value = search[key];
    return typeof value === "string" && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : undefined;
  };
  const outcome = text("outcome", NUMBER_MAX);
  return {
    queue: text("queue", NUMBER_MAX),
    outcome: outcome && outcome in OUTCOMES ? (outcome as Outcome) : undefined,
    agent: text("agent", NUMBER_MAX),
    caller: text("caller", CALLER_MAX),
    from: time("from"),
    to: time("to"),
  };
}

/** As the API wants it: an outcome goes with its queue, and too little of a number is not looked for. */
export function query(wish: Wish): Record<string, string> {
  const { queue, outcome, agent, caller, from, to } = wish;
  const all = {
    queue,
    outcome: queue ? outcome : undefined,
    agent,
    caller: caller && caller.length >= CALLER_MIN ? caller : undefined,
    from,
    to,
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => !!entry[1]));
}

const pad = (n: number): string => String(n).padStart(2, "0");

/** A moment for a field of the browser, by its own clock. */
export function localInput(at: string | undefined): string {
  if (!at) return "";
  const then = new Date(at);
  const day = `${then.getFullYear()}-${pad(then.getMonth() + 1)}-${pad(then.getDate())}`;
  return `${day}T${pad(then.getHours())}:${pad(then.getMinutes())}`;
}

/** And back; nothing of what is no moment. */
export const fromInput = (text: string): string | undefined =>
  text && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : undefined;
