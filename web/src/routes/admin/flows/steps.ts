/** Steps of a flow as data: which fields a step has, where its ways lead, and what becomes of them when it is changed. */
import { type Entry, isEntry, type Json, put } from "../model/json";

const QUESTION = [
  "prompts",
  "barge_in",
  "first_digit_timeout",
  "inter_digit_timeout",
  "terminator",
  "repeats",
  "no_input",
  "invalid",
  "on_failed",
];
const UNREACHED = ["ring_timeout", "ring_not_ready", "on_unavailable", "on_busy", "on_no_answer"];

/** What a step can do, and the fields that it then has, in the order in which they are thought of. */
export const DEEDS = {
  answer: ["next"],
  ring: ["seconds", "next"],
  play: ["prompts", "barge_in", "next"],
  menu: ["prompts", "keys", "dial", ...QUESTION.slice(1)],
  collect: ["prompts", "variable", "min", "max", "next", ...QUESTION.slice(1), "sensitive"],
  dial: ["prompts", "reachable_scope", "exclude", ...UNREACHED, ...QUESTION.slice(1), "star_during_ring", "on_star"],
  dial_by_name: ["prompts", "by", ...UNREACHED, ...QUESTION.slice(1), "star_during_ring", "on_star"],
  branch: ["when", "otherwise"],
  set: ["variable", "value", "next"],
  language: ["language", "next"],
  repeat: ["times", "again", "next"],
  webhook: ["url", "send", "take", "timeout", "next", "on_failed"],
  transfer: ["extension", "ring_group", "external", ...UNREACHED],
  enqueue: ["queue", "skills", "priority"],
  leave: ["to"],
} as const satisfies Record<string, readonly string[]>;

export type Deed = keyof typeof DEEDS;

/** Fields whose value is the name of another step. */
export const WAYS = [
  "next",
  "again",
  "dial",
  "otherwise",
  "on_failed",
  "on_unavailable",
  "on_busy",
  "on_no_answer",
  "on_star",
] as const;

const isWay = (name: string): boolean => (WAYS as readonly string[]).includes(name);

export const isDeed = (word: Json | undefined): word is Deed => typeof word === "string" && word in DEEDS;
const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");

export const idOf = (step: Entry): string => text(step.id);

/** The fields of a step by what it does. */
export const fieldsOf = (step: Entry): readonly string[] => (isDeed(step.do) ? DEEDS[step.do] : []);

/** A way from a step to another one: by a field, a key of a menu, or a condition. */
export interface Way {
  path: (string | number)[];
  /** The field, or for keys and conditions which. */
  field: string;
  which: string;
  to: string;
}

/** All ways that a step has or can have; those that lead nowhere yet have no `to`. */
export function waysOf(step: Entry): Way[] {
  const keys = isEntry(step.keys) ? Object.entries(step.keys) : [];
  const when = Array.isArray(step.when) ? step.when.filter(isEntry) : [];
  return [
    ...keys.map(([key, to]): Way => ({ path: ["keys", key], field: "keys", which: key, to: text(to) })),
    ...when.map((one, at): Way => ({ path: ["when", at, "next"], field: "when", which: String(at + 1), to: text(one.next) })),
    ...fieldsOf(step)
      .filter(isWay)
      .map((field): Way => ({ path: [field], field, which: "", to: text(step[field]) })),
  ];
}

export const setWay = (step: Entry, path: readonly (string | number)[], to: string | undefined): Entry =>
  put(step, path, to) as Entry;

/** The steps with every way that led to the one leading to the other; without another it leads nowhere. */
function redirected(steps: readonly Entry[], from: string, to: string | undefined): Entry[] {
  return steps.map((step) =>
    waysOf(step)
      .filter((way) => way.to === from)
      // From behind, so that taking one condition away does not move the others.
      .reverse()
      .reduce((changed, { path, field }) => {
        if (to === undefined && field === "when") return setWay(changed, path, "");
        return setWay(changed, path, to);
      }, step),
  );
}

/** Another name for a step; all ways to it follow. */
export function renamed(steps: readonly Entry[], at: number, id: string): Entry[] {
  const step = steps[at];
  if (!step) return [...steps];
  const from = idOf(step);
  const rest = from === "" || steps.some((other) => idOf(other) === id) ? [...steps] : redirected(steps, from, id);
  return rest.map((other, place) => (place === at ? { ...other, id } : other));
}

/** Without a step, and without the ways to it. */
export function without(steps: readonly Entry[], at: number): Entry[] {
  const step = steps[at];
  if (!step) return [...steps];
  return redirected(
    steps.filter((_, place) => place !== at),
    idOf(step),
    undefined,
  );
}

/** A name that no step has yet. */
export function freshId(steps: readonly Entry[], deed: string): string {
  const taken = new Set(steps.map(idOf));
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? deed : `${deed}-${number}`;
    if (!taken.has(id)) return id;
  }
}

/** What a step does is another thing: fields that mean nothing for that are gone. */
export function doing(step: Entry, deed: Deed): Entry {
  const kept = new Set<string>(["id", ...DEEDS[deed]]);
  return { ...Object.fromEntries(Object.entries(step).filter(([name]) => kept.has(name))), do: deed };
}

/** What a step is about, in a few words of its own fields. */
export function about(step: Entry): string {
  const to = isEntry(step.to) ? Object.entries(step.to)[0] : undefined;
  const said = Array.isArray(step.prompts) ? step.prompts.map((one) => (isEntry(one) ? `{${text(Object.values(one)[0])}}` : text(one))) : [];
  const parts = [
    ...said,
    text(step.queue),
    text(step.extension),
    text(step.ring_group),
    text(step.external),
    text(step.variable),
    text(step.language),
    text(step.url),
    to ? `${to[0]} ${isEntry(to[1]) ? text(to[1].mailbox ?? to[1].message) : text(to[1])}` : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** Whoever begins at the first step reaches these. */
export function reached(steps: readonly Entry[]): Set<string> {
  const by = new Map(steps.map((step) => [idOf(step), step]));
  const seen = new Set<string>();
  const next = steps[0] ? [idOf(steps[0])] : [];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    const step = by.get(id);
    if (!step || seen.has(id)) continue;
    seen.add(id);
    next.push(...waysOf(step).map(({ to }) => to));
  }
  return seen;
}
