/** The queues' figures for components: counted anew at most a few times a second, told only to the rows that change. */
import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { useLive } from "~/live/live";
import type { LiveStore } from "~/live/store";
import { type Figures, figures, NOTHING, same } from "./figures";

const COUNT_EVERY = 250;

export class Count {
  private known = new Map<string, Figures>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly live: LiveStore;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(live: LiveStore) {
    this.live = live;
  }

  /** Counts from now on; gives what ends it. */
  start(): () => void {
    this.count();
    const ends = [this.live.subscribe("agents", this.later), this.live.subscribe("calls", this.later)];
    return () => {
      clearTimeout(this.timer);
      this.timer = undefined;
      ends.forEach((end) => end());
    };
  }

  of(queue: string): Figures {
    return this.known.get(queue) ?? NOTHING;
  }

  subscribe(queue: string, listener: () => void): () => void {
    const of = this.listeners.get(queue) ?? new Set();
    this.listeners.set(queue, of.add(listener));
    return () => of.delete(listener);
  }

  private readonly later = (): void => {
    // Who has just come sees figures with the first agents, not zeros that are none.
    if (this.known.size === 0) return this.count();
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.count();
    }, COUNT_EVERY);
  };

  private count(): void {
    const before = this.known;
    const { agents, calls } = this.live.unsorted;
    const now = figures(agents, calls);
    this.known = now;
    for (const queue of new Set([...before.keys(), ...now.keys()])) {
      const old = before.get(queue) ?? NOTHING;
      const next = now.get(queue) ?? NOTHING;
      // What is the same stays the same object, so that nothing is drawn anew.
      if (same(old, next)) now.set(queue, old);
      else this.listeners.get(queue)?.forEach((listener) => listener());
    }
  }
}

const Context = createContext<Count | null>(null);

/** Give it what `useCounting` made. */
export const CountOf = Context.Provider;

export function useCounting(): Count {
  const live = useLive();
  const [count, setCount] = useState(() => new Count(live));
  useEffect(() => {
    const made = new Count(live);
    setCount(made);
    return made.start();
  }, [live]);
  return count;
}

export function useFigures(queue: string): Figures {
  const count = useContext(Context);
  const subscribe = useCallback(
    (listener: () => void) => count?.subscribe(queue, listener) ?? (() => {}),
    [count, queue],
  );
  return useSyncExternalStore(subscribe, () => count?.of(queue) ?? NOTHING);
}
