/** From when on a figure is marked, and where that is kept: in this browser, for each domain. */
import { recall, remember } from "~/api/room";

export type Measure = "waiting" | "longest" | "service" | "abandoned" | "ready";
export type Level = "fine" | "warn" | "alarm";

export interface Threshold {
  warn: number;
  alarm: number;
}

export type Thresholds = Record<Measure, Threshold>;

export const MEASURES: Measure[] = ["waiting", "longest", "service", "abandoned", "ready"];

/** Calls, seconds, per cent, per cent, agents. */
export const DEFAULTS: Thresholds = {
  waiting: { warn: 3, alarm: 6 },
  longest: { warn: 30, alarm: 60 },
  service: { warn: 80, alarm: 60 },
  abandoned: { warn: 5, alarm: 10 },
  ready: { warn: 1, alarm: 0 },
};

/** Whether less is worse. */
const LESS_IS_WORSE: Record<Measure, boolean> = {
  waiting: false,
  longest: false,
  service: true,
  abandoned: false,
  ready: true,
};

export const lessIsWorse = (measure: Measure): boolean => LESS_IS_WORSE[measure];

/** How a figure stands; one that is not known is fine. */
export function level(measure: Measure, value: number | null, { warn, alarm }: Threshold): Level {
  if (value === null) return "fine";
  const past = LESS_IS_WORSE[measure] ? (limit: number) => value <= limit : (limit: number) => value >= limit;
  if (past(alarm)) return "alarm";
  return past(warn) ? "warn" : "fine";
}

const key = (domain: string): string => `wallboard-thresholds/${domain}`;

export function load(domain: string): Thresholds {
  try {
    return read(JSON.parse(recall(key(domain)) ?? "null"));
  } catch {
    return DEFAULTS;
  }
}

export const save = (domain: string, thresholds: Thresholds): void =>
  remember(key(domain), JSON.stringify(thresholds));

/** What was kept, as far as it makes sense; the default for the rest. */
export function read(kept: unknown): Thresholds {
  const found = (typeof kept === "object" && kept !== null ? kept : {}) as Record<string, unknown>;
  const one = (measure: Measure): Threshold => {
    const { warn, alarm } = (found[measure] ?? {}) as Partial<Threshold>;
    const number = (n: unknown): n is number => typeof n === "number" && Number.isFinite(n) && n >= 0;
    return number(warn) && number(alarm) ? { warn, alarm } : DEFAULTS[measure];
  };
  return Object.fromEntries(MEASURES.map((measure) => [measure, one(measure)])) as Thresholds;
}

/** Whether the alarm comes after the warning, as it should. */
export const inOrder = (measure: Measure, { warn, alarm }: Threshold): boolean =>
  LESS_IS_WORSE[measure] ? alarm <= warn : alarm >= warn;
