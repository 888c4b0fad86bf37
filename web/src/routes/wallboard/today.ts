/** What came of a queue's calls since midnight, asked anew soon after something has changed. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { list, OWN, type Schemas } from "~/api/client";
import type { Queue } from "~/live/fold";
import { useSource } from "~/api/source";

/** A record is kept a moment after the event, and busy queues need not be asked with every call. */
const SETTLE_TIME = 3_000;
/** Also without a change: a new day begins. */
const AGAIN_AFTER = 60_000;

export interface Today {
  offered: number;
  answered: number;
  abandoned: number;
  /** Per cent of the offered. */
  abandonedShare: number | null;
  /** Per cent; null without a threshold or a call. */
  serviceLevel: number | null;
  averageWait: number | null;
}

export function today(interval: Schemas["QueueIntervalItem"]): Today {
  const { offered, answered, abandoned, service_level, average_wait } = interval;
  return {
    offered,
    answered,
    abandoned,
    abandonedShare: offered ? (100 * abandoned) / offered : null,
    serviceLevel: service_level == null ? null : 100 * service_level,
    averageWait: average_wait ?? null,
  };
}

export function useToday(queue: Queue): Today | undefined {
  const source = useSource();
  const settled = useSettled(`${queue.offered}/${queue.answered}/${queue.abandoned}/${queue.talk_time}`);
  const { data } = useQuery({
    queryKey: ["today", queue.number, settled],
    queryFn: async () => {
      const asked = source.GET("/v1/domains/{domain}/queues/{number}/statistics/intervals", {
        params: {
          path: { domain: OWN, number: queue.number },
          query: { from: new Date().toISOString(), interval: "1d" },
        },
      });
      return (await list(asked)).items.map(today);
    },
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_AFTER,
    gcTime: AGAIN_AFTER,
  });
  return data?.at(-1);
}

/** A value that goes along only now and then, however often the given one changes. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    if (value === settled) return;
    const timer = setTimeout(() => setSettled(value), SETTLE_TIME);
    return () => clearTimeout(timer);
  }, [value, settled]);
  return settled;
}
