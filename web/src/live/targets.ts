/** To whom a call can be given: colleagues who are free first, then queues, then whatever number was typed. */
import type { State } from "~/components/StateChip/words";
import type { Agent, Queue } from "~/live/fold";

export type Target =
  | { kind: "agent"; number: string; name: string; state: State }
  | { kind: "queue"; number: string; name: string; waiting: number }
  | { kind: "number"; number: string };

const SHOWN_MAX = 40;
/** The soonest that can answer first. */
const ORDER: State[] = ["ready", "not_ready", "logged_out", "wrap_up", "ringing", "queue_call", "other_call", "offline"];

/** A number that can be dialed, as typed: with blanks, dashes and brackets taken out. */
export function dialable(text: string): string | null {
  const number = text.replaceAll(/[\s()/.-]/g, "");
  return /^[+]?[0-9*#]{2,31}$/.test(number) ? number : null;
}

export function targets(agents: Agent[], queues: Queue[], own: string, text: string): Target[] {
  const wanted = text.trim().toLocaleLowerCase();
  const fits = (name: string, number: string) => name.toLocaleLowerCase().includes(wanted) || number.startsWith(wanted);
  const people = agents
    .filter((agent) => agent.extension && agent.extension !== own && fits(agent.name, agent.extension))
    .map((agent): Target => ({ kind: "agent", number: agent.extension ?? "", name: agent.name, state: agent.state }))
    .sort((a, b) => (a.kind === "agent" && b.kind === "agent" ? ORDER.indexOf(a.state) - ORDER.indexOf(b.state) : 0));
  const lines = queues
    .filter((queue) => fits(queue.name, queue.number))
    .map((queue): Target => ({ kind: "queue", number: queue.number, name: queue.name, waiting: queue.waiting }));
  const number = dialable(text);
  const known = [...people, ...lines].some((target) => target.number === number);
  const typed: Target[] = number && !known ? [{ kind: "number", number }] : [];
  return [...typed, ...people, ...lines].slice(0, SHOWN_MAX);
}
