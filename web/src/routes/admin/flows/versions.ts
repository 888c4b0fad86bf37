/**
 * What a flow was before: read from the history, which has each step as it was and as it became. Pure.
 *
 * Nothing else of old steps is kept: of one that came and went without a change only the name is known.
 */
import type { Schemas } from "~/api/client";
import { type Entry, isEntry, type Json, same } from "../model/json";
import { idOf } from "./steps";

type Item = Pick<Schemas["AuditItem"], "at" | "who" | "reason" | "changes" | "revision">;

/** A step at some time; versions share it as long as nobody changed it. */
interface Step {
  /** Null: it is not known any more. */
  entry: Entry | null;
}

export interface Version {
  /** What made it; null for what was there before all that is known. */
  by: Item | null;
  /** By their ids, in no order. */
  steps: Map<string, Step>;
  /** Where callers begin. */
  first: string;
}

/** All versions, the newest first. `items` are the history, the newest first; `steps` are the flow's as saved. */
export function versions(number: string, steps: readonly Entry[], items: readonly Item[]): Version[] {
  let now = new Map<string, Step>(steps.map((step) => [idOf(step), { entry: step }]));
  let first = steps[0] ? idOf(steps[0]) : "";
  const found: Version[] = [];
  for (const item of items) {
    const own = item.changes.flatMap((line) => lineOf(line, number) ?? []);
    if (own.length === 0) continue;
    found.push({ by: item, steps: now, first });
    if (own.some((line) => line.kind === "made")) return found;
    now = new Map(now);
    for (const line of own) {
      if (line.kind === "began") first = line.before;
      else if (line.kind === "came") now.delete(line.id);
      else if (line.kind === "went") now.set(line.id, { entry: null });
      else if (line.kind === "changed") {
        // As the history has it, so that both sides are written alike.
        const after = now.get(line.id);
        if (after) after.entry = line.after;
        now.set(line.id, { entry: line.before });
      }
    }
  }
  return [...found, { by: null, steps: now, first }];
}

type Line =
  | { kind: "made" }
  | { kind: "other" }
  | { kind: "began"; before: string }
  | { kind: "came" | "went"; id: string }
  | { kind: "changed"; id: string; before: Entry; after: Entry };

/** What a line of the history says of this flow; null: nothing. */
function lineOf(line: string, number: string): Line | null {
  if (line === `+ flow ${number}`) return { kind: "made" };
  const began = cut(line, `~ flow ${number} begins_with `);
  if (began !== null) return { kind: "began", before: began.split(" -> ")[0] ?? "" };
  if (line.startsWith(`~ flow ${number} `)) return { kind: "other" };
  const [sign = "", kind, id = "", of, its, field] = line.split(" ");
  if (kind !== "step" || of !== "of" || its !== number) return null;
  if (sign === "+") return { kind: "came", id };
  if (sign === "-") return { kind: "went", id };
  const both = field === "to" ? pair(cut(line, `~ step ${id} of ${number} to `) ?? "") : null;
  return both ? { kind: "changed", id, ...both } : null;
}

const cut = (line: string, start: string): string | null => (line.startsWith(start) ? line.slice(start.length) : null);

const ARROW = " -> ";

/** Two steps with an arrow between them; arrows may stand in what is said to callers, too. */
function pair(text: string): { before: Entry; after: Entry } | null {
  for (let at = text.indexOf(ARROW); at >= 0; at = text.indexOf(ARROW, at + 1)) {
    const [before, after] = [read(text.slice(0, at)), read(text.slice(at + ARROW.length))];
    if (before && after) return { before, after };
  }
  return null;
}

function read(text: string): Entry | null {
  try {
    const value: Json = JSON.parse(text);
    return isEntry(value) ? value : null;
  } catch {
    return null;
  }
}

export interface Difference {
  id: string;
  what: "added" | "removed" | "changed";
  /** Null where it is not there, or not known. */
  before: Entry | null;
  after: Entry | null;
  /** The fields that differ, or all of a step that came or went. */
  fields: string[];
}

/** What leads from one version to another. */
export function differences(from: Version, to: Version): Difference[] {
  const ids = [...new Set([...to.steps.keys(), ...from.steps.keys()])].sort();
  return ids.flatMap((id): Difference[] => {
    const [old, next] = [from.steps.get(id), to.steps.get(id)];
    if (old === next) return [];
    const [before, after] = [old?.entry ?? null, next?.entry ?? null];
    const what = !old ? "added" : !next ? "removed" : "changed";
    const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter((name) => name !== "id");
    const fields = names.filter((name) => !same(before?.[name], after?.[name]));
    // Changed and changed back.
    if (what === "changed" && before && after && fields.length === 0) return [];
    return [{ id, what, before, after, fields }];
  });
}

/** The steps of a version, the one where callers begin first; null if one of them is not known any more. */
export function stepsOf({ steps, first }: Version): Entry[] | null {
  const all = [...steps].sort(([a], [b]) => Number(b === first) - Number(a === first));
  const entries = all.flatMap(([, { entry }]) => (entry ? [entry] : []));
  return entries.length === all.length ? entries : null;
}
