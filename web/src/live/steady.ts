/** A list of what is live that stays as it was first shown: what is new comes last, and nothing changes its place. */
import { useState } from "react";

/** In the order in which `found` was first shown for `text`. */
export function useSteady<T>(found: T[], text: string, idOf: (one: T) => string): T[] {
  const [shown, setShown] = useState<{ text: string; ids: string[] }>({ text, ids: [] });
  const before = new Map((shown.text === text ? shown.ids : []).map((id, at) => [id, at]));
  const place = (one: T): number => before.get(idOf(one)) ?? before.size;
  const steady = found.toSorted((one, other) => place(one) - place(other));
  const ids = steady.map(idOf);
  if (shown.text !== text || ids.join() !== shown.ids.join()) setShown({ text, ids });
  return steady;
}
