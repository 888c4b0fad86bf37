/** Times and durations as people read them. */
import { region } from "./i18n";

/** From 00:00 to 23:59 in every language: tables of times are compared at a glance. */
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;

const pad = (n: number): string => String(n).padStart(2, "0");

/** `1:05` or `2:00:09`, from milliseconds. Never less than nothing. */
export function clock(milliseconds: number): string {
  const s = Math.max(0, Math.floor(milliseconds / 1000));
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor(s / 60) % 60;
  return hours ? `${hours}:${pad(minutes)}:${pad(s % 60)}` : `${minutes}:${pad(s % 60)}`;
}

/** Counts down: shows 0:05 until less than 5 s are left, as a kitchen clock does. */
export const countdown = (milliseconds: number): string => clock(Math.ceil(milliseconds / 1000) * 1000);

/** `14:05:09`, in the region's way. */
export const timeOfDay = (at: string | number): string =>
  new Date(at).toLocaleTimeString(region(), { ...CLOCK, second: "2-digit" });

/** `14:05` today, with the date else. */
export function moment(at: string | number, now: number): string {
  const then = new Date(at);
  const sameDay = then.toDateString() === new Date(now).toDateString();
  return sameDay
    ? then.toLocaleTimeString(region(), CLOCK)
    : then.toLocaleString(region(), { ...CLOCK, day: "numeric", month: "short" });
}
