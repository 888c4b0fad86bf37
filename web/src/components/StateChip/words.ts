/** What agents do, in words and signs: a state is never told by its colour alone. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Schemas } from "~/api/client";

export type State = Schemas["StateWord"];

export interface StateLook {
  sign: string;
  word: MessageDescriptor;
  /** Which colours of the theme. */
  tone: "good" | "busy" | "bad" | "calm" | "call";
}

export const STATES: Record<State, StateLook> = {
  offline: { sign: "○", word: msg`Offline`, tone: "bad" },
  logged_out: { sign: "◌", word: msg`Logged out`, tone: "calm" },
  not_ready: { sign: "‖", word: msg`Not ready`, tone: "busy" },
  ready: { sign: "●", word: msg`Ready`, tone: "good" },
  ringing: { sign: "◎", word: msg`Ringing`, tone: "call" },
  queue_call: { sign: "■", word: msg`Queue call`, tone: "call" },
  other_call: { sign: "□", word: msg`Other call`, tone: "call" },
  wrap_up: { sign: "✎", word: msg`Wrap-up`, tone: "busy" },
};

const REASONS: Record<string, MessageDescriptor> = {
  login: msg`just logged in`,
  rna: msg`missed a call`,
  declined: msg`declined a call`,
  device_down: msg`phone was lost`,
  after_non_acd: msg`after another call`,
  hours: msg`outside working hours`,
  supervisor: msg`set by a supervisor`,
  break: msg`Break`,
  lunch: msg`Lunch`,
  meeting: msg`Meeting`,
  web: msg`Web`,
  other: msg`Other`,
};

/** A reason in words: the system's own are translated, an agent's own stay as they are. */
export function reasonWord(reason: string, t: (word: MessageDescriptor) => string): string {
  const known = REASONS[reason.toLowerCase()];
  return known ? t(known) : reason;
}
