/**
 * After a reload, or when the phone has moved to another tab, the phone was away for a moment. Queues that do not make
 * agents ready by themselves then have her not ready, "phone was lost", although she had been ready and had not wished
 * anything else: she is made ready again, as soon as she would hear it ring.
 */
import { useEffect, useRef } from "react";
import type { Agent } from "~/live/fold";
import { useLive } from "~/live/live";
import { usePhone } from "~/softphone/phone";
import { act } from "~/live/acts";

/** Longer than that is no reload, and she is asked by being not ready. */
const AWAY_TIME_MAX = 60_000;
/** The server's reason for it. */
const LOST = "device_down";

/** The queues that her phone was away from for a moment only. */
export const missed = (agent: Agent, now: number): string[] =>
  agent.queues
    .filter((queue) => queue.state === "not_ready" && queue.reason === LOST)
    .filter((queue) => now - Date.parse(queue.state_since) < AWAY_TIME_MAX)
    .map((queue) => queue.queue);

export function useResume(agent: Agent | undefined, extension: string): void {
  const live = useLive();
  const { mode, state, leads, audible } = usePhone();
  const hears = mode === "browser" && leads && audible && state.link === "ready";
  const asked = useRef(new Set<string>());
  useEffect(() => {
    if (!hears || !agent) return;
    for (const queue of missed(agent, live.now())) {
      // Once for each time that it was lost; if that is refused, it is hers to decide.
      const since = agent.queues.find((one) => one.queue === queue)?.state_since ?? "";
      if (asked.current.has(`${queue} ${since}`)) continue;
      asked.current.add(`${queue} ${since}`);
      void act(extension, "ready", { queue });
    }
  }, [hears, agent, live, extension]);
}
