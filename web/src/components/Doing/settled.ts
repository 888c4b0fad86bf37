/** Clicks that were meant for what has stood there a moment ago. */
import { useRef } from "react";

/** Milliseconds in which a second click belongs to the first one, whatever it hits by then. */
export const DOUBLE_CLICK_TIME = 500;

/** Tells whether `what` is seen has been so for long enough to be meant by a click. What is seen first is. */
export function useSettled(what: unknown): () => boolean {
  const seen = useRef({ what, since: -Infinity });
  if (seen.current.what !== what) seen.current = { what, since: performance.now() };
  return () => performance.now() - seen.current.since >= DOUBLE_CLICK_TIME;
}
