/**
 * What was noted of calls and is not saved yet. It lies in the browser for whoever wrote it: a reload, a log-out or a
 * login that has ended takes nothing from her, and nobody else who logs in here is shown it.
 */

export interface Draft {
  code: string | null;
  notes: string;
  saved: boolean;
  /** By which the form is found again: the call's queue, and who called. */
  queue: string | null;
  who: string;
  /** When it was last changed, milliseconds. */
  at: number;
}

const PREFIX = "notes.";
/** So many are kept of a person: what is not saved before what is, and of these the newest. */
const KEPT_MAX = 50;
/** And for so long. */
const KEPT_TIME = 14 * 24 * 60 * 60_000;

/** A call's number has no point in it, so nobody's name is taken for a part of another's. */
const key = (person: string, call: string): string => `${PREFIX}${call}.${person}`;
const callOf = (place: string): string => place.slice(PREFIX.length, place.indexOf(".", PREFIX.length));
const personOf = (place: string): string => place.slice(place.indexOf(".", PREFIX.length) + 1);
const EMPTY: Draft = { code: null, notes: "", saved: false, queue: null, who: "", at: 0 };

function read(place: string): Draft {
  try {
    return { ...EMPTY, ...(JSON.parse(localStorage.getItem(place) ?? "{}") as Partial<Draft>) };
  } catch {
    return EMPTY;
  }
}

/** What `person` typed for a call before. */
export const draftOf = (person: string, call: string): Draft => read(key(person, call));

export function keepDraft(person: string, call: string, draft: Draft): void {
  const place = key(person, call);
  try {
    localStorage.setItem(place, JSON.stringify(draft));
  } catch {
    // A browser without room: it is in the form, and goes with it.
  }
  tidy(person, place);
}

export const dropDraft = (person: string, call: string): void => localStorage.removeItem(key(person, call));

/** There is something in it that the server does not have. */
const isOpen = ({ saved, code, notes }: Draft): boolean => !saved && (code !== null || notes.trim() !== "");

/** Calls of `person` with something that is not saved, the oldest first. */
export const unsaved = (person: string): [call: string, draft: Draft][] =>
  Object.keys(localStorage)
    .filter((place) => place.startsWith(PREFIX) && place === key(person, callOf(place)))
    .map((place): [string, Draft] => [callOf(place), read(place)])
    .filter(([, draft]) => isOpen(draft))
    .sort(([, one], [, other]) => one.at - other.at);

/** Forgets what is too old, whoever wrote it, and what is too much of `person`'s; never `but`. */
function tidy(person: string, but: string): void {
  const oldest = Date.now() - KEPT_TIME;
  const others = Object.keys(localStorage)
    .filter((place) => place.startsWith(PREFIX) && place !== but)
    .map((place) => ({ place, draft: read(place) }));
  const old = others.filter(({ draft }) => draft.at < oldest);
  const many = others
    .filter(({ place }) => personOf(place) === person)
    .sort((one, other) => Number(isOpen(other.draft)) - Number(isOpen(one.draft)) || other.draft.at - one.draft.at)
    .slice(KEPT_MAX - 1);
  [...old, ...many].forEach(({ place }) => localStorage.removeItem(place));
}
