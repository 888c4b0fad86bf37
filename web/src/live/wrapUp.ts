/** The end of work after a call: one for her and for whoever looks at her. */
import type { Agent } from "./fold";

/** When her wrap-up ends by itself; null where it does not, or there is none. */
export function wrapUpUntil(agent: Agent): string | null {
  if (agent.state !== "wrap_up") return null;
  const ends = agent.queues.flatMap(({ wrap_up_until }) => wrap_up_until ?? []);
  return ends.length ? ends.reduce((a, b) => (a < b ? b : a)) : null;
}
