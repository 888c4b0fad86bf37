/** What a report is about, as it stands in the address: whose, from when to when, how finely, by whose clock. Pure. */

export type Interval = "15m" | "30m" | "1h" | "1d";
export const INTERVALS: Interval[] = ["15m", "30m", "1h", "1d"];

export interface Wish {
  queue?: string | undefined;
  agent?: string | undefined;
  /** Days of the clock, `2026-01-31`; both are in the report. */
  from?: string | undefined;
  to?: string | undefined;
  interval?: Interval | undefined;
  /** An IANA name; the domain's unless set. */
  zone?: string | undefined;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NUMBER_MAX = 32;
/** What the API gives at most, in days. */
export const DAYS_MAX = 31;
export const DAYS_MAX_BY_DAY = 400;

/** What stands in the address is from outside. */
export function readWish(search: Record<string, unknown>): Wish {
  const text = (key: string, fits: (value: string) => boolean): string | undefined => {
    const value = search[key];
    const known = typeof value === "string" || typeof value === "number" ? String(value) : "";
    return known && fits(known) ? known : undefined;
  };
  const number = (value: string) => value.length <= NUMBER_MAX;
  const day = (value: string) => DAY.test(value) && !Number.isNaN(Date.parse(value));
  return {
    queue: text("queue", number),
    agent: text("agent", number),
    from: text("from", day),
    to: text("to", day),
    interval: INTERVALS.find((one) => one === search.interval),
    zone: text("zone", isZone),
  };
}

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The day that a moment is on, by a clock. */
export function dayOf(at: number, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(at);
}

/** When a day begins by a clock: the first moment that is on it. */
export function midnight(day: string, zone: string): string {
  const noon = Date.parse(`${day}T12:00:00Z`);
  // Midnight there is within half a day of this; clocks change by whole minutes.
  let at = noon - 12 * 3_600_000 - offset(noon, zone);
  at = noon - 12 * 3_600_000 - offset(at, zone);
  if (dayOf(at, zone) < day) at += 3_600_000;
  return new Date(at).toISOString();
}

/** How far a clock is ahead of UTC at a moment, milliseconds. */
function offset(at: number, zone: string): number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

export function nextDay(day: string, days = 1): string {
  const at = Date.parse(`${day}T12:00:00Z`) + days * 86_400_000;
  return new Date(at).toISOString().slice(0, 10);
}

export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T12:00:00Z`) - Date.parse(`${from}T12:00:00Z`)) / 86_400_000) + 1;

export interface Span {
  from: string;
  to: string;
  interval: Interval;
  zone: string;
}

/** What is asked for: today by the hour unless it says otherwise; never more than the API gives. */
export function span(wish: Wish, zone: string, now: number): Span {
  const today = dayOf(now, zone);
  const from = wish.from ?? wish.to ?? today;
  const to = wish.to && wish.to >= from ? wish.to : wish.to ? from : from > today ? from : today;
  const days = daysBetween(from, to);
  const interval = wish.interval ?? (days > 2 ? "1d" : "1h");
  const most = interval === "1d" ? DAYS_MAX_BY_DAY : DAYS_MAX;
  const end = days > most ? nextDay(from, most - 1) : to;
  return { from: midnight(from, zone), to: midnight(nextDay(end), zone), interval, zone };
}

/** Seconds of an interval that stands alone in a picture. */
const HOUR = 3600;

/** Seconds from the first interval to the end of the last, whose bar stands beyond its beginning. */
export function reach(times: number[]): [number, number] {
  const [first = 0, second] = times;
  return [first, (times.at(-1) ?? first) + ((second ?? first + HOUR) - first)];
}
