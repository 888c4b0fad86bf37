/**
 * Times that go on: one clock for all of them, which writes into the page by itself. Of five hundred rows none is
 * drawn anew because a second has passed. It stands still while what is shown is old.
 */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useLayoutEffect, useRef, useState } from "react";
import { clock, countdown } from "~/i18n/time";
import { useLive } from "~/live/live";

type Write = (now: number) => void;

const EVERY = 1_000;

const Context = createContext<Set<Write> | null>(null);

export function Ticking({ children }: { children: ReactNode }) {
  const live = useLive();
  const [writers] = useState(() => new Set<Write>());
  useEffect(() => {
    const timer = setInterval(() => {
      if (!live.status.live) return;
      const now = live.now();
      writers.forEach((write) => write(now));
    }, EVERY);
    return () => clearInterval(timer);
  }, [live, writers]);
  return <Context value={writers}>{children}</Context>;
}

/** Something that writes times by itself: called once a second, until the end that is given. */
export function useClock(): (write: Write) => () => void {
  const writers = useContext(Context);
  return useCallback(
    (write: Write) => {
      writers?.add(write);
      return () => void writers?.delete(write);
    },
    [writers],
  );
}

function useWritten(text: (now: number) => string) {
  const live = useLive();
  const writers = useContext(Context);
  const node = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    let shown = "";
    const write = (now: number) => {
      const next = text(now);
      const place = node.current;
      if (next === shown || !place) return;
      shown = next;
      // The node of text that is there costs a third of a new one.
      if (place.firstChild) place.firstChild.nodeValue = next;
      else place.textContent = next;
    };
    write(live.now());
    writers?.add(write);
    return () => {
      writers?.delete(write);
    };
  });
  return node;
}

/** For how long something has been so. */
export function Ago({ at, className }: { at: string; className?: string | undefined }) {
  const begun = Date.parse(at);
  return <span ref={useWritten((now) => clock(now - begun))} className={className} />;
}

/** How long it goes on. */
export function Left({ until, className }: { until: string; className?: string | undefined }) {
  const end = Date.parse(until);
  return <span ref={useWritten((now) => countdown(end - now))} className={className} />;
}
