/** Who calls, as it is shown everywhere: whoever came by a call link has a name at most, and no number. */
import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { apart, straight } from "~/i18n/straight";
import type { Call } from "./fold";

export interface Party {
  /** Either may be empty, and the number be words instead. */
  name: string;
  number: string;
  /** By what he can be called back; empty: he cannot. */
  dial: string;
}

/** What stands for a guest's number where nothing else says that he is one. */
const GUEST = "guest";

export function callerOf({ caller, by_call_link: guest }: Pick<Call, "caller" | "by_call_link">): Party {
  const name = straight(caller.name);
  const { number } = caller;
  if (!guest) return { name, number, dial: number };
  return { name: name || i18n._(msg`Guest`), number: i18n._(msg`by call link`), dial: "" };
}

/** The same of who left a message. */
export const callerOfMessage = ({ caller, caller_name: name }: { caller: string; caller_name: string }): Party =>
  callerOf({ caller: { name, number: caller }, by_call_link: caller === GUEST });

/** Who calls, within a line of other text: the name stands apart, whichever way it is written. Empty: nothing is known. */
export const inLine = ({ name, number }: Pick<Party, "name" | "number">): string =>
  [name && apart(name), number].filter(Boolean).join(", ");
