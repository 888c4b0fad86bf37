/** What a supervisor does with an agent's state, and how it is taken back. Pure. */
import type { Schemas } from "~/api/client";
import type { Verb as Any } from "~/live/acts";
import type { Agent } from "~/live/fold";

/** A single call is nobody's wish but her own. */
export type Verb = Exclude<Any, "single-call">;
type Membership = Schemas["MembershipItem"];

export interface Step {
  verb: Verb;
  queue: string;
  reason?: string;
}

/** What makes a membership what it was. Nothing for what no verb can make. */
function back(was: Membership): Step | null {
  const { queue } = was;
  switch (was.state) {
    case "offline":
    case "logged_out":
      return { verb: "logout", queue };
    case "not_ready":
      return { verb: "not-ready", queue, ...(was.reason ? { reason: was.reason } : {}) };
    case "wrap_up":
      return { verb: "wrap-up", queue };
    case "ready":
    case "ringing":
      return { verb: "ready", queue };
    case "queue_call":
    case "other_call":
      // In a call the change is only pending: what was pending before is, again.
      if (was.pending === "logout") return { verb: "logout", queue };
      if (was.pending === "not_ready") {
        return { verb: "not-ready", queue, ...(was.pending_reason ? { reason: was.pending_reason } : {}) };
      }
      return { verb: "ready", queue };
  }
}

/** The steps that lead from what is now to what was; first into the queues again that were left. */
export function undo(before: Agent, after: Agent | undefined): Step[] {
  const now = new Map(after?.queues.map((membership) => [membership.queue, membership]));
  return before.queues.flatMap((was) => {
    const is = now.get(was.queue);
    if (!is || unchanged(was, is)) return [];
    const step = back(was);
    if (!step) return [];
    const out = is.state === "logged_out" || is.state === "offline";
    return out && step.verb !== "logout" ? [{ verb: "login" as const, queue: was.queue }, step] : [step];
  });
}

const unchanged = (was: Membership, is: Membership): boolean =>
  was.state === is.state && (was.reason ?? null) === (is.reason ?? null) && (was.pending ?? null) === (is.pending ?? null);

/** Which of the verbs mean something for an agent as she is. */
export function verbs(agent: Agent): Verb[] {
  const states = new Set(agent.queues.map(({ state }) => state));
  const inside = [...states].some((state) => state !== "logged_out" && state !== "offline");
  const onCall = states.has("queue_call") || states.has("other_call");
  const found: Verb[] = [];
  if (inside && (onCall || states.has("not_ready") || states.has("wrap_up"))) found.push("ready");
  if (inside) found.push("not-ready");
  if (states.has("logged_out") || (agent.registered && states.has("offline"))) found.push("login");
  if (inside) found.push("logout");
  return found;
}
