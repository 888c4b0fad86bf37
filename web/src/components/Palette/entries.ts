/** What the palette offers for what was typed: whom to call, how to stand, where to go, what to look up. Pure. */
import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { may, type Me } from "~/api/session";
import { AREAS } from "~/components/Shell/areas";
import { callerOf, inLine } from "~/live/caller";
import type { Agent, Call, Queue } from "~/live/fold";
import { choices, ownCalls } from "~/live/own";
import { type Target, targets } from "~/live/targets";

export type Group = "people" | "state" | "pages" | "lookup";

/** What is done when an entry is chosen. */
export type Deed =
  | { kind: "go"; to: string; search?: Record<string, string> }
  | { kind: "dial"; to: string }
  | { kind: "transfer"; call: string; to: string; name: string }
  | { kind: "state"; verb: "login" | "ready" | "not-ready"; reason?: string }
  | { kind: "leave" };

export interface Entry {
  id: string;
  group: Group;
  label: string;
  /** A colleague or a queue, shown as they are at this moment. */
  target?: Target;
  /** What is said of it beside. */
  detail?: string;
  deed: Deed;
}

export interface Place {
  to: string;
  word: string;
}

export interface World {
  me: Me;
  agents: Agent[];
  queues: Queue[];
  calls: Call[];
  /** Reasons for not being ready, in words. */
  reasons: { code: string; word: string }[];
  /** Pages beyond the areas that everybody knows. */
  places: Place[];
  /** What a call is doing, in words. */
  callState(call: Call): string;
}

const PEOPLE_MAX = 8;
/** With nothing typed, so many: the rest of the palette is to be seen, too. */
const PEOPLE_FIRST = 4;
const CALLS_MAX = 5;
/** The API looks for three signs of a number at least. */
const CALLER_MIN = 3;
/** So much of a name is looked for inside words, too. */
const INSIDE_MIN = 3;
const CALL_ID = /^\d{1,20}$/;

export function entries(world: World, typed: string): Entry[] {
  const text = typed.trim();
  const wanted = text.toLocaleLowerCase();
  // A letter or two begin a word; what is longer may stand anywhere.
  const fits = (label: string) =>
    ` ${label.toLocaleLowerCase()}`.includes(wanted.length < INSIDE_MIN ? ` ${wanted}` : wanted);
  const all = [
    ...people(world, text),
    ...states(world).filter(({ label }) => fits(label)),
    ...pages(world).filter(({ label }) => fits(label)),
    ...lookup(world, text),
  ];
  // Who talks most likely gives the call away.
  const gives = all.some(({ deed }) => deed.kind === "transfer");
  const order: Group[] = text || gives ? ["people", "state", "pages", "lookup"] : ["state", "pages", "people", "lookup"];
  return all.sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
}

/** Colleagues, queues and numbers: a call is given to them, or one is made. Who has no phone looks at them. */
function people({ me, agents, queues, calls }: World, text: string): Entry[] {
  const own = me.extension;
  const talking = own ? ownCalls(calls, own).find(({ part }) => part === "talking") : undefined;
  const found = targets(agents, queues, own ?? "", text).slice(0, text ? PEOPLE_MAX : PEOPLE_FIRST);
  return found.flatMap((target): Entry[] => {
    const { number } = target;
    const name = target.kind === "number" ? number : target.name;
    const entry = { id: `${target.kind} ${number}`, group: "people" as const, target };
    if (own && talking) {
      const label = i18n._(msg`Transfer to ${name}`);
      return [{ ...entry, label, deed: { kind: "transfer", call: talking.call.id, to: number, name } }];
    }
    if (own) return [{ ...entry, label: i18n._(msg`Call ${name}`), deed: { kind: "dial", to: number } }];
    if (target.kind === "number" || !sees(me)) return [];
    const search: Record<string, string> = target.kind === "queue" ? { queue: number } : { text: number };
    return [{ ...entry, label: i18n._(msg`${name} on the wallboard`), deed: { kind: "go", to: "/wallboard", search } }];
  });
}

/** How she may stand next. The way out of wrap-up saves what was noted, and is on the desk. */
function states({ me, agents, reasons }: World): Entry[] {
  const agent = agents.find(({ extension }) => extension && extension === me.extension);
  if (!agent) return [];
  if (agent.state === "wrap_up") {
    return [{ id: "wrap-up", group: "state", label: i18n._(msg`Wrap-up: to its end on the desk`), deed: { kind: "go", to: "/desk" } }];
  }
  const can = choices(agent.queues);
  const entry = (id: string, label: string, deed: Deed): Entry => ({ id, group: "state", label, deed });
  return [
    ...(can.ready ? [entry("ready", i18n._(msg`Ready`), { kind: "state", verb: "ready" })] : []),
    ...(can.notReady
      ? [
          ...reasons.map(({ code, word }) =>
            entry(`not-ready ${code}`, i18n._(msg`Not ready: ${word}`), { kind: "state", verb: "not-ready", reason: code }),
          ),
          entry("not-ready", i18n._(msg`Not ready, without a reason`), { kind: "state", verb: "not-ready" }),
        ]
      : []),
    ...(can.logIn ? [entry("login", i18n._(msg`Log in to the queues`), { kind: "state", verb: "login" })] : []),
    ...(can.logOut ? [entry("leave", i18n._(msg`End the shift`), { kind: "leave" })] : []),
  ];
}

function pages({ me, places }: World): Entry[] {
  const areas = AREAS.filter((area) => area.shown(me)).map(({ to, word }) => ({ to: to as string, word: i18n._(word) }));
  const all = [...areas, { to: "/account", word: i18n._(msg`Your account`) }, ...places];
  return all.map(({ to, word }) => ({ id: to, group: "pages", label: word, deed: { kind: "go", to } }));
}

const sees = (me: Me): boolean => AREAS.some((area) => area.to === "/calls" && area.shown(me));

/** Calls that live, by who calls; a call by its number; all calls of a caller. */
function lookup({ me, calls, callState }: World, text: string): Entry[] {
  if (!text || !may(me, "read") || !sees(me)) return [];
  const wanted = text.toLocaleLowerCase();
  const live = calls
    .filter(({ caller, id }) => id === text || caller.name.toLocaleLowerCase().includes(wanted) || caller.number.includes(wanted))
    .slice(0, CALLS_MAX)
    .map((call): Entry => {
      const who = inLine(callerOf(call));
      const label = i18n._(msg`Live call: ${who}`);
      return { id: `live ${call.id}`, group: "lookup", label, detail: callState(call), deed: { kind: "go", to: `/calls/${call.id}` } };
    });
  const digits = text.replaceAll(/[\s()/.-]/g, "");
  const number = /^[+]?\d+$/.test(digits) && digits.length >= CALLER_MIN;
  return [
    ...live,
    ...(CALL_ID.test(text)
      ? [{ id: "call", group: "lookup" as const, label: i18n._(msg`Call ${text} in the records`), deed: { kind: "go" as const, to: `/calls/${text}` } }]
      : []),
    ...(number
      ? [
          {
            id: "caller",
            group: "lookup" as const,
            label: i18n._(msg`All calls of ${digits}`),
            deed: { kind: "go" as const, to: "/calls", search: { caller: digits } },
          },
        ]
      : []),
  ];
}
