/** Days of a week as the provisioning has them: slots, or the whole day. */
import type { Entry, Json } from "./json";

export const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;
export type Day = (typeof DAYS)[number];

export type Opening = { kind: "closed" } | { kind: "all_day" } | { kind: "slots"; slots: string[] };

const MINUTES = 24 * 60;

export function opening(value: Json | undefined): Opening {
  if (value === "all_day") return { kind: "all_day" };
  const slots = Array.isArray(value) ? value.filter((slot) => typeof slot === "string") : [];
  return slots.length > 0 ? { kind: "slots", slots } : { kind: "closed" };
}

export function stored(day: Opening): Json | undefined {
  switch (day.kind) {
    case "closed":
      return undefined;
    case "all_day":
      return "all_day";
    case "slots":
      return day.slots;
  }
}

const minutes = (clock: string): number => {
  const [hours = "0", mins = "0"] = clock.split(":");
  return Number(hours) * 60 + Number(mins);
};

/** From and to of a slot, as clocks. */
export function ends(slot: string): [string, string] {
  const [from = "", to = ""] = slot.split("-");
  return [from, to];
}

/** What of a day is open, as parts of it; a slot that ends before it begins goes on to midnight. */
export function spans(day: Opening): { from: number; to: number }[] {
  if (day.kind === "closed") return [];
  if (day.kind === "all_day") return [{ from: 0, to: 1 }];
  return day.slots.map((slot) => {
    const [from, to] = ends(slot).map(minutes) as [number, number];
    return { from: from / MINUTES, to: to <= from ? 1 : to / MINUTES };
  });
}

/** Each working day as Monday is. */
export function workdays(week: Entry): Entry {
  const { monday, ...rest } = week;
  const out: Entry = { ...rest };
  for (const day of DAYS.slice(0, 5)) {
    if (monday === undefined) delete out[day];
    else out[day] = monday;
  }
  return out;
}
