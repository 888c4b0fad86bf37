/** Entries of the provisioning as plain data: looked into, changed without touching the old one, compared. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Entry = { [key: string]: Json };
export type Path = readonly (string | number)[];

export const isEntry = (value: Json | undefined): value is Entry =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether two values say the same. The order of an object's fields says nothing. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((value, at) => same(value, b[at]));
  if (isEntry(a) && isEntry(b)) {
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...names].every((name) => same(a[name], b[name]));
  }
  return false;
}

/** The value with another one at the end of the path; `undefined` takes it away, with what is empty then. */
export function put(value: Json | undefined, path: Path, to: Json | undefined): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return to;
  if (typeof step === "number") {
    const list = Array.isArray(value) ? [...value] : [];
    const next = put(list[step], rest, to);
    if (next === undefined) list.splice(step, 1);
    else list[step] = next;
    return list;
  }
  const entry: Entry = isEntry(value) ? { ...value } : {};
  const next = put(entry[step], rest, to);
  if (next === undefined) delete entry[step];
  else entry[step] = next;
  return entry;
}

/** The JSON merge patch (RFC 7396) that makes the one of the other. */
export function mergePatch(from: Entry, to: Entry): Entry {
  const patch: Entry = {};
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [before, after] = [from[name], to[name]];
    if (same(before, after)) continue;
    if (after === undefined) patch[name] = null;
    else patch[name] = isEntry(before) && isEntry(after) ? mergePatch(before, after) : after;
  }
  return patch;
}

/** What a merge patch makes of an entry. */
export function merged(entry: Entry, patch: Entry): Entry {
  const out: Entry = { ...entry };
  for (const [name, value] of Object.entries(patch)) {
    const before = out[name];
    if (value === null) delete out[name];
    else out[name] = isEntry(value) ? merged(isEntry(before) ? before : {}, value) : value;
  }
  return out;
}

/** A field that two people changed at the same time, or one of them. */
export interface Clash {
  field: string;
  before: Json | undefined;
  theirs: Json | undefined;
  mine: Json | undefined;
}

/** What differs between what was loaded, what is there now, and what was typed. */
export function clashes(before: Entry, theirs: Entry, mine: Entry): Clash[] {
  return [...new Set([before, theirs, mine].flatMap(Object.keys))]
    .filter((field) => !same(theirs[field], mine[field]))
    .map((field) => ({ field, before: before[field], theirs: theirs[field], mine: mine[field] }));
}

/** A path as JSON pointer (RFC 6901), as the server's faults have it. */
export const pointer = (path: Path): string =>
  path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** Moves one of a list; places outside of it are its ends. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const out = [...list];
  const [taken] = out.splice(from, 1);
  if (taken === undefined) return out;
  out.splice(Math.max(0, Math.min(out.length, to)), 0, taken);
  return out;
}

/** A value in few words, for tables. */
export function brief(value: Json | undefined): string {
  if (value === undefined || value === null) return "–";
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(brief).join(", ");
  if (isEntry(value)) return Object.entries(value).map(([name, inner]) => `${name}: ${brief(inner)}`).join(", ");
  return String(value);
}
