/**
 * The live state for tables with many rows: what changes between two frames is drawn together, once. Fifty messages are
 * fifty changes of the store, but one of the page.
 */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState, useSyncExternalStore } from "react";
import type { Agent, Call } from "~/live/fold";
import { useLive } from "~/live/live";
import type { LiveStore } from "~/live/store";

type Listener = () => void;

/** Browsers make no frames for a page that nobody sees; it is not to be old when somebody looks again. */
const UNSEEN_TIME = 1_000;

class Frames {
  private readonly live: LiveStore;
  private readonly waiting = new Set<Listener>();
  private planned = false;

  constructor(live: LiveStore) {
    this.live = live;
  }

  subscribe(topic: string, listener: Listener): () => void {
    const end = this.live.subscribe(topic, () => {
      this.waiting.add(listener);
      this.plan();
    });
    return () => {
      end();
      this.waiting.delete(listener);
    };
  }

  private plan(): void {
    if (this.planned) return;
    this.planned = true;
    if (document.hidden) setTimeout(this.draw, UNSEEN_TIME);
    else requestAnimationFrame(this.draw);
  }

  private readonly draw = (): void => {
    this.planned = false;
    const due = [...this.waiting];
    this.waiting.clear();
    for (const listener of due) listener();
  };
}

/** Where changes are drawn together; null where each is drawn at once. */
export const useFrames = (): Frames | null => useContext(Context);

const Context = createContext<Frames | null>(null);

export function InFrames({ children }: { children: ReactNode }) {
  const live = useLive();
  const [frames, setFrames] = useState(() => new Frames(live));
  useEffect(() => setFrames(new Frames(live)), [live]);
  return <Context value={frames}>{children}</Context>;
}

function useTopic<T>(topic: string, read: (live: LiveStore) => T): T {
  const live = useLive();
  const frames = useContext(Context);
  const subscribe = useCallback(
    (listener: Listener) => frames?.subscribe(topic, listener) ?? live.subscribe(topic, listener),
    [frames, live, topic],
  );
  return useSyncExternalStore(subscribe, () => read(live));
}

/** Something small of an agent: it is drawn anew when that changes, whatever else does. */
export const useOfAgent = (key: string, read: (agent: Agent | undefined) => string): string =>
  useTopic(`agents/${key}`, (live) => read(live.agent(key)));
export const useRowCall = (id: string | null | undefined): Call | undefined =>
  useTopic(`calls/${id ?? ""}`, (live) => live.call(id));
