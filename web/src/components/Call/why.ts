/** A routing decision in sentences: to whom, because of what, and who was not considered. */
import { i18n } from "@lingui/core";
import { msg, plural } from "@lingui/core/macro";
import type { Schemas } from "~/api/client";
import { clock } from "~/i18n/time";
import { EXCLUSIONS, type Outcome } from "./words";

export type Decision = Schemas["DecisionItem"];
type Candidate = Schemas["CandidateItem"];

/** Most people named in one sentence; the rest are counted. */
const NAMED_MAX = 6;

/** Somebody's name with her extension, by the extension. */
export type Names = (extension: string) => string;

export interface Why {
  /** What was decided. */
  decided: string;
  /** What put the winner first; null where nobody was, or everybody. */
  because: string | null;
  /** What the call asked for. */
  needs: string | null;
  /** Who could not have it, a sentence for each reason. */
  excluded: string[];
}

export function why(decision: Decision, names: Names): Why {
  return {
    decided: decided(decision, names),
    because: because(decision),
    needs: needs(decision),
    excluded: decision.excluded.map((group) => {
      const who = named(group.agents, group.count, names);
      const known = EXCLUSIONS[group.reason];
      const reason = known ? i18n._(known) : group.text;
      return i18n._(msg`${who}: ${reason}`);
    }),
  };
}

function decided(decision: Decision, names: Names): string {
  const { position, winners, left } = decision;
  if (left) return leaves(left, position);
  if (decision.picked_up_by) {
    const who = names(decision.picked_up_by);
    return i18n._(msg`Picked up by ${who} from place ${position}: chosen, not routed.`);
  }
  const [winner] = winners;
  if (!winner) {
    return decision.candidate_count === 0
      ? i18n._(msg`Nobody could take it; it waits at place ${position}.`)
      : i18n._(msg`Offered to nobody this time; it waits at place ${position}.`);
  }
  const who = named(winners, winners.length, names);
  const count = winners.length;
  if (count === 1) return i18n._(msg`Offered to ${who}.`);
  const all = decision.candidate_count;
  return count < all
    ? i18n._(msg`Offered to ${count} of ${all} at once: ${who}.`)
    : i18n._(msg`Offered to ${count} at once: ${who}.`);
}

function leaves(rule: Outcome, position: number): string {
  switch (rule) {
    case "no_agents":
      return i18n._(msg`Nobody is logged in with a phone that can be reached: it does not wait.`);
    case "full":
      return i18n._(msg`The line is full: it is not let in.`);
    case "overflow_timeout":
      return i18n._(msg`It has waited for as long as it may, and leaves the line from place ${position}.`);
    case "queue_gone":
      return i18n._(msg`The queue is no longer there.`);
    case "closed":
      return i18n._(msg`The queue is closed: it is not let in.`);
    case "night":
      return i18n._(msg`The queue is in night mode: it is not let in.`);
    case "exited":
      return i18n._(msg`The caller pressed the key that leads out of the line.`);
    case "answered":
    case "abandoned":
    case "removed":
    case "callback_requested":
    case "callback_done":
    case "callback_failed":
      return i18n._(msg`It leaves the line from place ${position}.`);
  }
}

/** What put her first, by what the order looked at. */
function because(decision: Decision): string | null {
  const [winner] = decision.winners;
  if (!winner || decision.winners.length > 1 || decision.picked_up_by || decision.left) return null;
  const among = decision.candidate_count;
  if (among === 1) return i18n._(msg`She was the only one who could take it.`);
  const candidate = decision.candidates.find(({ agent }) => agent === winner);
  if (!candidate) return null;
  if (candidate.preferred) {
    return i18n._(msg`This caller's own agent, or the one who served him last, is tried first.`);
  }
  const level = candidate.skill_level;
  const facts = looked(decision, candidate, among);
  if (level === null || level === undefined) return facts;
  return `${i18n._(msg`Skill level ${level}, the highest of ${among}.`)} ${facts}`;
}

function looked(decision: Decision, candidate: Candidate, among: number): string {
  const { order } = candidate;
  const tier = candidate.tier ?? order;
  const idle = clock(candidate.idle_seconds * 1000);
  switch (decision.strategy) {
    case "longest_idle":
      return i18n._(msg`Without a call for ${idle}, the longest of ${among}.`);
    case "ring_all":
      return i18n._(msg`Everybody is rung; she is the first of ${among}.`);
    case "linear":
    case "skill_linear":
      return i18n._(msg`First in the queue's order (${order}).`);
    case "cyclic":
    case "skill_cyclic":
      return lastRung(decision, candidate);
    case "least_worked":
    case "skill_least_worked": {
      const answered = candidate.answered ?? 0;
      const calls = plural(answered, { one: "# call", other: "# calls" });
      return i18n._(msg`${calls} of this queue answered since midnight, the fewest.`);
    }
    case "linear_cascade":
      return i18n._(msg`Of tier ${tier}, which is rung by now.`);
    case "tiered_longest_idle":
      return i18n._(msg`Tier ${tier} is the first with somebody free; without a call for ${idle}, the longest there.`);
    case "random":
      return i18n._(msg`Drawn from ${among}.`);
  }
}

function lastRung(decision: Decision, candidate: Candidate): string {
  if (!candidate.last_rung_at) return i18n._(msg`Not rung by this queue so far.`);
  const rest = clock(Date.parse(decision.at) - Date.parse(candidate.last_rung_at));
  return i18n._(msg`Not rung by this queue for ${rest}, the longest.`);
}

function needs(decision: Decision): string | null {
  if (decision.needs.length === 0) return null;
  const wished = decision.needs.map(({ skill, level }) => `${skill} ${level}`).join(", ");
  return i18n._(msg`It asks for ${wished}.`);
}

/** People by name; of many the first, and how many more. */
export function named(agents: string[], count: number, names: Names): string {
  if (agents.length === 0) return plural(count, { one: "# agent", other: "# agents" });
  const shown = agents.slice(0, NAMED_MAX).map(names).join(", ");
  const more = count - Math.min(agents.length, NAMED_MAX);
  return more > 0 ? i18n._(msg`${shown} and ${more} more`) : shown;
}

/** Names as a decision itself has them, then as they are now. */
export const namesOf = (decisions: Decision[], now: Names): Names => {
  const known = new Map(
    decisions.flatMap(({ candidates }) =>
      candidates.flatMap(({ agent, name }) => (name ? [[agent, `${name} (${agent})`] as const] : [])),
    ),
  );
  return (extension) => known.get(extension) ?? now(extension);
};
