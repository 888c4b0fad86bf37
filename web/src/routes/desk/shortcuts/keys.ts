/** The desk's keys, in one place: what listens, what buttons say, and what the sheet shows cannot differ. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

export type Deed =
  | "answer"
  | "end"
  | "hold"
  | "mute"
  | "transfer"
  | "keypad"
  | "ready"
  | "notReady"
  | "dial"
  | "sheet";

export interface Key {
  /** As `KeyboardEvent.code` has it: the place on the keyboard, whatever the layout. */
  code: string;
  shown: string;
  word: MessageDescriptor;
}

/** All with Alt, but the sheet: single letters would be typed by chance. */
export const KEYS: Record<Deed, Key> = {
  answer: { code: "KeyA", shown: "A", word: msg`Answer` },
  end: { code: "KeyX", shown: "X", word: msg`Decline or hang up` },
  hold: { code: "KeyH", shown: "H", word: msg`Hold, and back` },
  mute: { code: "KeyM", shown: "M", word: msg`Mute, and back` },
  transfer: { code: "KeyT", shown: "T", word: msg`Transfer` },
  keypad: { code: "KeyK", shown: "K", word: msg`Keypad` },
  ready: { code: "KeyR", shown: "R", word: msg`Ready; ends wrap-up` },
  notReady: { code: "KeyN", shown: "N", word: msg`Not ready` },
  dial: { code: "KeyC", shown: "C", word: msg`Call somebody` },
  sheet: { code: "?", shown: "?", word: msg`This list` },
};

/** The deed of a key that was pressed; null if it has none. */
export function deedOf(event: Pick<KeyboardEvent, "code" | "key" | "altKey" | "ctrlKey" | "metaKey" | "target">): Deed | null {
  if (event.ctrlKey || event.metaKey) return null;
  if (!event.altKey) return event.key === "?" && !typing(event.target) ? "sheet" : null;
  const found = Object.entries(KEYS).find(([, key]) => key.code === event.code);
  return found ? (found[0] as Deed) : null;
}

/** Whether what is pressed goes into a field. */
const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** What a button says about its key, to eyes and to screen readers. */
export const hint = (deed: Deed, word: string): { title: string; "aria-keyshortcuts": string } => ({
  title: `${word} (Alt+${KEYS[deed].shown})`,
  "aria-keyshortcuts": `Alt+${KEYS[deed].shown}`,
});
