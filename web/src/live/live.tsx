/** The live state for components: a provider, and a hook for each thing. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { answer, api } from "~/api/client";
import { session } from "~/api/session";
import type { Agent, Call, Domain, LiveEvent, Queue } from "./fold";
import { type LiveStatus, LiveStore } from "./store";

const LOOK_EVERY = 1_000;

const Context = createContext<LiveStore | null>(null);

/** Follows the login's domain as long as it is shown. */
export function LiveProvider({ token, gapless, children }: { token: string; gapless: boolean; children: ReactNode }) {
  const [store, setStore] = useState<LiveStore | null>(null);
  useEffect(() => {
    const made = new LiveStore(token, gapless, {
      // A login of no domain, on a server that has none yet, is refused the socket and goes on all the same.
      ended: () => session.who?.domain !== "" && session.end("ended"),
      // A 401 ends the session; anything else is the socket's to try again.
      check: () => void answer(api.GET("/v1/auth/me")).catch(() => {}),
    });
    setStore(made);
    const clock = setInterval(() => made.refresh(), LOOK_EVERY);
    return () => {
      clearInterval(clock);
      made.stop();
    };
  }, [token, gapless]);
  return store && <Context value={store}>{children}</Context>;
}

/** For tests and stories: what is live, made elsewhere. */
export const LiveOf = Context.Provider;

export function useLive(): LiveStore {
  const store = useContext(Context);
  if (!store) throw new Error("useLive is used outside of LiveProvider");
  return store;
}

function useTopic<T>(topic: string, read: (store: LiveStore) => T): T {
  const store = useLive();
  const subscribe = useCallback((listener: () => void) => store.subscribe(topic, listener), [store, topic]);
  return useSyncExternalStore(subscribe, () => read(store));
}

export const useLiveStatus = (): LiveStatus => useTopic("status", (store) => store.status);
export const useDomain = (): Domain | null => useTopic("domain", (store) => store.domain);
export const useAgents = (): Agent[] => useTopic("agents", (store) => store.agents);
export const useQueues = (): Queue[] => useTopic("queues", (store) => store.queues);
export const useCalls = (): Call[] => useTopic("calls", (store) => store.calls);
/** How many agents there are: whoever only asks that is not told of each of them. */
export const useAgentCount = (): number => useTopic("agents", (store) => store.agentCount);
export const useAgent = (extension: string | null | undefined): Agent | undefined =>
  useTopic(`agents/${extension ?? ""}`, (store) => store.agent(extension));
export const useQueue = (number: string | null | undefined): Queue | undefined =>
  useTopic(`queues/${number ?? ""}`, (store) => store.queue(number));
export const useCall = (id: string | null | undefined): Call | undefined =>
  useTopic(`calls/${id ?? ""}`, (store) => store.call(id));

/** Calls back with every event. */
export function useLiveEvents(listener: (event: LiveEvent) => void): void {
  const store = useLive();
  useEffect(() => store.onEvent(listener), [store, listener]);
}

/** The server's clock, told once a second; it stands still while what is shown is old. */
export function useServerNow(): number {
  const store = useLive();
  const [now, setNow] = useState(() => store.now());
  useEffect(() => {
    const look = () => {
      if (store.status.live) setNow(store.now());
    };
    look();
    const clock = setInterval(look, LOOK_EVERY);
    return () => clearInterval(clock);
  }, [store]);
  return now;
}
