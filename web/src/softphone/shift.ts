/** What an agent works with in this browser: kept until she ends her shift, so that a reload changes nothing. */

/** `browser`: this browser is her phone. `phone`: another one is, and the desk controls it. */
export type Mode = "browser" | "phone";

const key = (extension: string): string => `shift.${extension}`;

export function shiftMode(extension: string): Mode | null {
  const kept = localStorage.getItem(key(extension));
  return kept === "browser" || kept === "phone" ? kept : null;
}

export function rememberShift(extension: string, mode: Mode): void {
  try {
    localStorage.setItem(key(extension), mode);
  } catch {
    // A browser without room: the shift is this tab's alone, and ends with a reload.
  }
}

export const forgetShift = (extension: string): void => localStorage.removeItem(key(extension));

/** Tells of a shift that another tab of this browser has begun or ended. Gives what ends the telling. */
export function onOtherTabs(extension: string, listener: (mode: Mode | null) => void): () => void {
  const hear = (event: StorageEvent) => {
    // Without a key all was cleared.
    if (event.key === null || event.key === key(extension)) listener(shiftMode(extension));
  };
  window.addEventListener("storage", hear);
  return () => window.removeEventListener("storage", hear);
}
