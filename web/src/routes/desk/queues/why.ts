/** Why no call comes, in words that say what to do. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** The server's reasons. Those that are not here are shown in the server's own words. */
export const REASONS: Record<string, MessageDescriptor> = {
  not_active: msg`Your account is not active. An administrator can change that.`,
  no_extension: msg`You have no extension. An administrator can give you one.`,
  entry_disabled: msg`You are switched off in this queue. A supervisor can switch you on.`,
  logged_out: msg`You are not logged in to it.`,
  unreachable: msg`No phone of yours can be reached. Check that it is registered.`,
  dnd: msg`Do not disturb is on.`,
  on_call: msg`You are on a call.`,
  ringing: msg`Your phone is ringing already.`,
  wrap_up: msg`You are in wrap-up.`,
  not_ready: msg`You are not ready.`,
  pending_leave: msg`You leave after the present call.`,
  retry_delay: msg`You are let alone for a moment after a missed call or a busy phone.`,
};

/** Why the last call that could have been hers went to somebody else. */
export const PASSED: Record<string, MessageDescriptor> = {
  not_ready: msg`The last call went past you: you were not ready.`,
  wrap_up: msg`The last call went past you: you were in wrap-up.`,
  on_call: msg`The last call went past you: you were on a call.`,
  ringing: msg`The last call went past you: your phone was ringing.`,
  logged_out: msg`The last call went past you: you were logged out.`,
  unreachable: msg`The last call went past you: no phone of yours could be reached.`,
  dnd: msg`The last call went past you: do not disturb was on.`,
  declined_this: msg`The last call went past you: you had declined it.`,
  retry_delay: msg`The last call went past you: you had just missed one.`,
  skill_missing: msg`The last call went past you: it asks for a skill that you do not have.`,
  other_queue_first: msg`The last call went past you: another queue came first.`,
};
