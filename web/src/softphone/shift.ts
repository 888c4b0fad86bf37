/**
 * What an agent works with in this browser: kept until she ends her shift, so that a reload changes nothing. An
 * `account` is an extension of a domain: two domains may have the same one.
 */

/** `browser`: this browser is her phone. `phone`: another one is, and the desk controls it. */
export type Mode = "browser" | "phone";

const key = (account: string): string => `shift.${account}`;

export function shiftMode(account: string): Mode | null {
  const kept = localStorage.getItem(key(account));
  return kept === "browser" || kept === "phone" ? kept : null;
}

export function rememberShift(account: string, mode: Mode): void {
  try {
    localStorage.setItem(key(account), mode);
  } catch {
    // A browser without room: the shift is this tab's alone, and ends with a reload.
  }
}

export const forgetShift = (account: string): void => localStorage.removeItem(key(account));

/** Tells of a shift that another tab of this browser has begun or ended. Gives what ends the telling. */
export function onOtherTabs(account: string, listener: (mode: Mode | null) => void): () => void {
  const hear = (event: StorageEvent) => {
    // Without a key all was cleared.
    if (event.key === null || event.key === key(account)) listener(shiftMode(account));
  };
  window.addEventListener("storage", hear);
  return () => window.removeEventListener("storage", hear);
}
