/**
 * What a person chose, kept in this browser. Where its room is full or forbidden it holds for this page, so that a choice
 * is never without effect.
 */
const held = new Map<string, string>();

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
    held.delete(key);
  } catch {
    held.set(key, value);
  }
}

export const recall = (key: string): string | null => held.get(key) ?? localStorage.getItem(key);

export function forget(key: string): void {
  held.delete(key);
  localStorage.removeItem(key);
}
