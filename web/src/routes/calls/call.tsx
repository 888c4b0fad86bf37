/** One call: what it was, its line of time, and why it went where it went. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api, OWN } from "~/api/client";
import { Problem } from "~/components/Notice/Problem";
import { Empty, Page } from "~/components/Page/Page";
import { Recorded } from "~/components/Recorded/Recorded";
import { region } from "~/i18n/i18n";
import { clock } from "~/i18n/time";
import { callerOf } from "~/live/caller";
import type { Call } from "~/live/fold";
import { useCall } from "~/live/live";
import { CallActs, Who } from "~/components/Call/CallActs";
import { Ticking } from "~/live/ticking";
import { Recordings } from "./recordings/Recordings";
import { Timeline } from "./Timeline";
import { Decisions, useNames } from "~/components/Call/Decisions";
import { CALL_STATES, causeWord, DIRECTIONS } from "~/components/Call/words";
import styles from "./calls.module.css";

export const page = createLazyRoute("/inside/calls/$call")({ component: CallPage });

/** While it lives, decisions follow each other. */
const AGAIN_AFTER = 3_000;

const WHEN = {
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
} as const;

function CallPage() {
  const { t } = useLingui();
  const { call: id } = useParams({ from: "/inside/calls/$call" });
  const live = useCall(id);
  const [last, setLast] = useState<Call | null>(null);
  if (live && live !== last) setLast(live);
  const over = !live && last?.id === id;
  const asked = useQuery({
    // What was asked for before it was over is older than what was told.
    queryKey: ["call", id, live ? "live" : over ? "over" : "first"],
    queryFn: () => answer(api.GET("/v1/domains/{domain}/calls/{call}", { params: { path: { domain: OWN, call: id } } })),
  });
  // Between its end and its record it is as it was last: whoever listens goes on listening.
  const call = live ?? asked.data ?? (over ? last : null);
  return (
    <Page
      title={t`Call ${id}`}
      actions={
        <Link to="/calls" className={styles.link}>
          <Trans>All calls</Trans>
        </Link>
      }
    >
      {!live && <Problem problem={asked.error} again={() => void asked.refetch()} />}
      {call && (
        <div className={styles.columns}>
          <div className={styles.column}>
            <section className={`card ${styles.section}`} aria-labelledby="timeline">
              <h2 id="timeline">
                <Trans>Course</Trans>
              </h2>
              <Timeline call={call} />
            </section>
            <Recordings call={call} />
            <WhySection id={id} live={live !== undefined} />
          </div>
          <div className={styles.column}>
            <section className={`card ${styles.section}`} aria-labelledby="facts">
              <h2 id="facts">
                <Trans>About it</Trans>
              </h2>
              <Facts call={call} />
            </section>
            {live && (
              <section className={`card ${styles.section}`} aria-labelledby="acts">
                <h2 id="acts">
                  <Trans>Now</Trans>
                </h2>
                <Ticking>
                  <CallActs call={live} own />
                </Ticking>
              </section>
            )}
          </div>
        </div>
      )}
    </Page>
  );
}

function Facts({ call }: { call: Call }) {
  const { i18n } = useLingui();
  const names = useNames();
  const { sign, word } = DIRECTIONS[call.direction];
  const when = (at: string) => new Date(at).toLocaleString(region(), WHEN);
  const talk = call.answered_at && call.ended_at ? Date.parse(call.ended_at) - Date.parse(call.answered_at) : null;
  const caller = callerOf(call);
  const learned = Object.entries(call.learned);
  const { disposition, notes, by } = workedUp(call);
  const state = call.state === "ended" && call.cause ? causeWord(call.cause, (one) => i18n._(one)) : i18n._(CALL_STATES[call.state]);
  const rows: [string, React.ReactNode, React.ReactNode][] = [
    ["caller", <Trans>Caller</Trans>, <Who name={caller.name} number={caller.number} />],
    ["dialed", <Trans>Dialed</Trans>, call.dialed],
    ["way", <Trans>Direction</Trans>, `${sign} ${i18n._(word)}`],
    ["began", <Trans>Began</Trans>, when(call.started_at)],
    ["answered", <Trans>Answered</Trans>, call.answered_at && when(call.answered_at)],
    ["ended", <Trans>Ended</Trans>, call.ended_at && when(call.ended_at)],
    ["state", <Trans>State</Trans>, <>{state} <Recorded on={call.recording} /></>],
    ["talked", <Trans>Talked</Trans>, talk !== null && clock(talk)],
    ["queue", <Trans>Queue</Trans>, call.queue && <Link to="/calls" search={{ queue: call.queue }} className={styles.link}>{call.queue}</Link>],
    ["agent", <Trans>Agent</Trans>, call.agent && <Link to="/calls" search={{ agent: call.agent }} className={styles.link}>{names(call.agent)}</Link>],
    ["disposition", <Trans>Disposition</Trans>, disposition && by ? `${disposition} (${by})` : disposition],
    ["notes", <Trans>Notes</Trans>, notes && <span style={{ whiteSpace: "pre-wrap" }}>{notes}</span>],
    ...learned.map(([key, value]): [string, React.ReactNode, React.ReactNode] => [`learned-${key}`, key, value]),
  ];
  return (
    <dl className={styles.facts}>
      {rows
        .filter(([, , value]) => value)
        .map(([key, name, value]) => (
          <div key={key} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** What the agent said of it afterwards; a server that does not keep it says nothing. */
function workedUp(call: Call): { disposition: string | null; notes: string | null; by: string | null } {
  const said = (call as { disposition?: unknown }).disposition;
  const fields = (typeof said === "object" && said !== null ? said : {}) as Record<string, unknown>;
  const text = (key: string): string | null => {
    const value = fields[key];
    return typeof value === "string" && value ? value : null;
  };
  return { disposition: text("label") ?? text("code"), notes: text("notes"), by: text("by") };
}

function WhySection({ id, live }: { id: string; live: boolean }) {
  const { t } = useLingui();
  const why = useQuery({
    queryKey: ["why", id, live],
    queryFn: () => answer(api.GET("/v1/domains/{domain}/calls/{call}/why", { params: { path: { domain: OWN, call: id } } })),
    refetchInterval: live ? AGAIN_AFTER : false,
  });
  return (
    <section className={`card ${styles.section}`} aria-labelledby="why">
      <h2 id="why">
        <Trans>Why it went so</Trans>
      </h2>
      <Problem problem={why.error} again={() => void why.refetch()} />
      {why.data &&
        (why.data.decisions.length === 0 ? (
          <Empty title={t`Nothing was decided about it`}>
            <Trans>It was in no queue, or nobody was chosen for it.</Trans>
          </Empty>
        ) : (
          <Decisions decisions={why.data.decisions} />
        ))}
    </section>
  );
}
