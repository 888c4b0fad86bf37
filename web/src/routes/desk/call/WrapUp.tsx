/** Work after a call: what it was, how long it may take by the server's clock, and the ways out of it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconCheck, IconClockPause, IconClockPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api, list, OWN } from "~/api/client";
import { personOf, useMe } from "~/api/me";
import { callerOf } from "~/live/caller";
import type { Agent, Call, LiveEvent } from "~/live/fold";
import { useLiveEvents, useServerNow } from "~/live/live";
import { countdown } from "~/i18n/time";
import { act, moreTime } from "~/live/acts";
import type { OwnCall } from "~/live/own";
import { wrapUpUntil } from "~/live/wrapUp";
import { hint } from "../shortcuts/keys";
import desk from "../desk.module.css";
import { Notes, saveDraft } from "./Notes";
import styles from "./call.module.css";

/** Seconds before the end that are said aloud. */
const ANNOUNCED = 10;
/** Seconds that she asks for at once. */
const MORE = 60;
/** Calls among which the last one is that she had. */
const LOOKED_AT = 5;

interface Props {
  agent: Agent;
  extension: string;
  own: OwnCall[];
}

export function WrapUp({ agent, extension, own }: Props) {
  const last = useLastCall(extension, agent.state === "wrap_up");
  if (agent.state !== "wrap_up" || own.some((one) => one.part === "talking")) return null;
  return <Card agent={agent} extension={extension} last={last} />;
}

/** When her part of a call was over that she had; the call itself may go on with whom she sent it to. */
function left(call: Call, extension: string): string | null {
  const ends = call.legs.flatMap((leg) => (leg.extension === extension && leg.answered_at && leg.ended_at) || []);
  return ends.sort().at(-1) ?? null;
}

/** That of two calls which she left later. */
const later = (one: Call | null, other: Call, extension: string): Call | null => {
  const at = left(other, extension);
  return at !== null && (one === null || at >= (left(one, extension) ?? "")) ? other : one;
};

/** The last call that she had: it is told when she leaves it, and asked for after a reload. */
function useLastCall(extension: string, wanted: boolean): Call | null {
  const [told, setTold] = useState<Call | null>(null);
  const take = useCallback(
    (event: LiveEvent) => {
      const record = event.type === "call_ended" ? (event["record"] as Call | undefined) : undefined;
      const calls = [...(event.calls ?? []), ...(record ? [record] : [])];
      setTold((known) => calls.reduce((last, call) => later(last, call, extension), known));
    },
    [extension],
  );
  useLiveEvents(take);
  const asked = useQuery({
    queryKey: ["last-calls", extension],
    queryFn: () =>
      list(api.GET("/v1/domains/{domain}/calls", { params: { path: { domain: OWN }, query: { agent: extension, limit: LOOKED_AT } } })),
    enabled: wanted && told === null,
    staleTime: 0,
  });
  const listed = asked.data?.items ?? [];
  return told ?? listed.reduce<Call | null>((last, call) => later(last, call, extension), null);
}

function Card({ agent, extension, last }: { agent: Agent; extension: string; last: Call | null }) {
  const { t } = useLingui();
  const person = personOf(useMe());
  const until = wrapUpUntil(agent);
  const caller = last && callerOf(last);
  const who = caller ? caller.name || caller.number : "";
  // What was written is saved before the work is over; if that fails, it is not over.
  const leave = async (verb: "ready" | "not-ready") => {
    if (!last || (await saveDraft(person, last.id))) await act(extension, verb);
  };
  return (
    <section className={desk.card} aria-label={t`Wrap-up`}>
      <div className={desk.cardHead}>
        <div>
          <h2 className={desk.cardTitle}>
            <Trans>Wrap-up</Trans>
          </h2>
          {who && (
            <p className={desk.dim}>
              {t`Call with ${who}`}
            </p>
          )}
        </div>
        {until ? (
          <Remaining until={until} since={agent.state_since} />
        ) : (
          <span className={desk.dim}>
            <Trans>as long as it takes</Trans>
          </span>
        )}
      </div>
      {last && <Notes call={last.id} queue={last.queue ?? null} who={who} />}
      <div className={styles.controls}>
        <Button
          leftSection={<IconCheck size={18} aria-hidden="true" />}
          onClick={() => void leave("ready")}
          {...hint("ready", t`Done, ready`)}
        >
          <Trans>Done, ready</Trans>
        </Button>
        {until && (
          <Button
            variant="default"
            leftSection={<IconClockPlus size={18} aria-hidden="true" />}
            onClick={() => void moreTime(extension, MORE)}
          >
            <Trans>One minute more</Trans>
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconClockPause size={18} aria-hidden="true" />}
          onClick={() => void leave("not-ready")}
        >
          <Trans>Done, not ready</Trans>
        </Button>
      </div>
    </section>
  );
}

function Remaining({ until, since }: { until: string; since: string }) {
  const now = useServerNow();
  const end = Date.parse(until);
  const left = Math.max(0, end - now);
  const whole = Math.max(1, end - Date.parse(since));
  const announced = useOnce(left <= ANNOUNCED * 1000 && left > 0, until);
  return (
    <div style={{ minWidth: "7rem", textAlign: "end" }}>
      <div className={styles.countdown} aria-hidden="true">
        {countdown(left)}
      </div>
      <div className={styles.bar} aria-hidden="true">
        <div style={{ width: `${(100 * left) / whole}%` }} />
      </div>
      <span className="visually-hidden" role="status">
        {announced && <Trans>Wrap-up ends in 10 seconds.</Trans>}
      </span>
    </div>
  );
}

/** True from the first time that something holds, until it is about something else. */
function useOnce(holds: boolean, about: string): boolean {
  const seen = useRef<string | null>(null);
  useEffect(() => {
    if (holds) seen.current = about;
  }, [holds, about]);
  return holds || seen.current === about;
}
