/** What an agent works with in this browser: kept until she ends her shift, so that a reload changes nothing. */

/** `browser`: this browser is her phone. `phone`: another one is, and the desk controls it. */
export type Mode = "browser" | "phone";

const key = (extension: string): string => `shift.${extension}`;

export function shiftMode(extension: string): Mode | null {
  const kept = localStorage.getItem(key(extension));
  return kept === "browser" || kept === "phone" ? kept : null;
}

export const rememberShift = (extension: string, mode: Mode): void => localStorage.setItem(key(extension), mode);
export const forgetShift = (extension: string): void => localStorage.removeItem(key(extension));
