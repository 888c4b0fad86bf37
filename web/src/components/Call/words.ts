/** What becomes of calls, in words. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Schemas } from "~/api/client";

export type Outcome = Schemas["OutcomeWord"];
export type Strategy = Schemas["StrategyWord"];

/** How a stay in a line ended. */
export const OUTCOMES: Record<Outcome, MessageDescriptor> = {
  answered: msg`answered`,
  abandoned: msg`gave up`,
  overflow_timeout: msg`waited too long`,
  full: msg`line was full`,
  no_agents: msg`nobody was there`,
  closed: msg`queue was closed`,
  night: msg`night mode`,
  exited: msg`left by a key`,
  callback_requested: msg`asked to be called back`,
  callback_done: msg`called back`,
  callback_failed: msg`callback failed`,
  removed: msg`taken out`,
  queue_gone: msg`queue was removed`,
};

export const CALL_STATES: Record<Schemas["CallStateWord"], MessageDescriptor> = {
  started: msg`begins`,
  in_flow: msg`in a flow`,
  ringing: msg`ringing`,
  waiting: msg`waiting`,
  connected: msg`talking`,
  ending: msg`ending`,
  ended: msg`ended`,
  callback: msg`to be called back`,
  calling_back: msg`being called back`,
};

export const DIRECTIONS: Record<Schemas["DirectionWord"], { sign: string; word: MessageDescriptor }> = {
  inbound: { sign: "↙", word: msg`from outside` },
  outbound: { sign: "↗", word: msg`to outside` },
  internal: { sign: "↔", word: msg`inside` },
};

export const LEG_STATES: Record<Schemas["LegStatusWord"], MessageDescriptor> = {
  ringing: msg`rings`,
  answered: msg`answered`,
  no_answer: msg`not answered`,
  declined: msg`declined`,
  busy: msg`busy`,
  failed: msg`failed`,
  cancelled: msg`stopped before an answer`,
};

export const STRATEGIES: Record<Strategy, MessageDescriptor> = {
  longest_idle: msg`who has been without a call for longest`,
  ring_all: msg`everybody at once`,
  linear: msg`in the queue's order`,
  cyclic: msg`in turn`,
  least_worked: msg`who has answered the fewest calls`,
  linear_cascade: msg`one after the other, and all stay`,
  tiered_longest_idle: msg`by tiers, then who has been without a call for longest`,
  random: msg`by chance`,
  skill_linear: msg`by skill, then the queue's order`,
  skill_cyclic: msg`by skill, then in turn`,
  skill_least_worked: msg`by skill, then who has answered the fewest calls`,
};

/** Why an agent could not have a call; read after her name. */
export const EXCLUSIONS: Record<string, MessageDescriptor> = {
  not_active: msg`invited or disabled`,
  no_extension: msg`without an extension`,
  entry_disabled: msg`switched off in this queue`,
  logged_out: msg`logged out`,
  unreachable: msg`without a phone that can be reached`,
  dnd: msg`not to be disturbed`,
  on_call: msg`on a call`,
  ringing: msg`being rung already`,
  wrap_up: msg`in wrap-up`,
  not_ready: msg`not ready`,
  pending_leave: msg`leaving after the present call`,
  declined_this: msg`declined this call before`,
  retry_delay: msg`let alone for a while after a missed call or a busy phone`,
  skill_missing: msg`without a skill that the call asks for`,
  other_queue_first: msg`serving another queue first`,
};

const CAUSES: Record<string, MessageDescriptor> = {
  normal: msg`hung up`,
  caller_gone: msg`the caller hung up`,
  no_answer: msg`nobody answered`,
  busy: msg`busy`,
  declined: msg`declined`,
  unreachable: msg`cannot be reached`,
  answered_elsewhere: msg`answered by somebody else`,
  transferred: msg`transferred`,
  not_found: msg`no such number`,
  forbidden: msg`not allowed`,
  blocked: msg`on the blacklist`,
  congestion: msg`too many calls`,
  media_timeout: msg`no sound came any more`,
  signalling_timeout: msg`the other side fell silent`,
  no_common_codec: msg`no codec in common`,
  administrative: msg`ended by somebody`,
  queue_rule: msg`a rule of the queue`,
  shutdown: msg`the server stopped`,
  node_restart: msg`the server began anew`,
  internal: msg`the server failed`,
};

/** Why something ended; the words of rarer causes are shown as they are. */
export function causeWord(cause: string, t: (word: MessageDescriptor) => string): string {
  const known = CAUSES[cause];
  return known ? t(known) : cause.replaceAll("_", " ");
}
