/** The queues: a row each, which is drawn anew only when its own figures change. */
import { Trans, useLingui } from "@lingui/react/macro";
import { memo, type ReactNode } from "react";
import { clock } from "~/i18n/time";
import { useQueue, useQueues, useServerNow } from "~/live/live";
import { useFigures } from "./count";
import { level, type Level, type Measure, type Thresholds } from "./thresholds";
import { useToday } from "./today";
import styles from "./wallboard.module.css";

export function Queues({ shown, thresholds }: { shown: string | null; thresholds: Thresholds }) {
  const queues = useQueues();
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-labelledby="queues">
      <table className={styles.table}>
        <QueuesHead />
        <tbody>
          {queues.map(({ number }) =>
            shown && number !== shown ? null : <QueueRow key={number} number={number} thresholds={thresholds} />,
          )}
        </tbody>
      </table>
    </div>
  );
}

function QueuesHead() {
  const { t } = useLingui();
  return (
    <thead>
      <tr>
        <th scope="col" rowSpan={2}>
          <Trans>Queue</Trans>
        </th>
        <th scope="colgroup" colSpan={2} className={styles.group}>
          <Trans>Callers now</Trans>
        </th>
        <th scope="colgroup" colSpan={5} className={styles.group}>
          <Trans>Agents now</Trans>
        </th>
        <th scope="colgroup" colSpan={3} className={styles.group} title={t`Calls that entered the queue since midnight and are over`}>
          <Trans>Today</Trans>
        </th>
      </tr>
      <tr>
        <Column first>
          <Trans>Waiting</Trans>
        </Column>
        <Column>
          <Trans>Longest</Trans>
        </Column>
        <Column first title={t`Logged in, with a phone that can be reached`}>
          <Trans>Staffed</Trans>
        </Column>
        <Column>
          <Trans>Ready</Trans>
        </Column>
        <Column title={t`On a call of this queue; + on other calls`}>
          <Trans>Talking</Trans>
        </Column>
        <Column>
          <Trans>Wrap-up</Trans>
        </Column>
        <Column>
          <Trans>Not ready</Trans>
        </Column>
        <Column first>
          <Trans>Answered</Trans>
        </Column>
        <Column>
          <Trans>Gave up</Trans>
        </Column>
        <Column title={t`answered in time / (answered + gave up after the threshold)`}>
          <Trans>Service level</Trans>
        </Column>
      </tr>
    </thead>
  );
}

function Column({ first, title, children }: { first?: boolean; title?: string; children: ReactNode }) {
  return (
    <th scope="col" className={first ? `${styles.number} ${styles.first}` : styles.number} title={title}>
      {children}
    </th>
  );
}

const QueueRow = memo(function QueueRow({ number, thresholds }: { number: string; thresholds: Thresholds }) {
  const queue = useQueue(number);
  const now = useFigures(number);
  if (!queue) return null;
  return (
    <tr>
      <th scope="row" className={styles.name}>
        {queue.name} <small>{number}</small>
        {queue.night_mode && (
          <small className={styles.tag}>
            <Trans>Night mode</Trans>
          </small>
        )}
      </th>
      <Figure first measure="waiting" value={now.waiting} thresholds={thresholds}>
        {now.waiting}
        {queue.callbacks > 0 && <small title="↩">{` +${queue.callbacks} ↩`}</small>}
      </Figure>
      <Longest since={now.longestSince} thresholds={thresholds} />
      <td className={`${styles.number} ${styles.first}`}>{now.staffed}</td>
      <Figure measure="ready" value={now.staffed > 0 ? now.ready : null} thresholds={thresholds}>
        {now.ready}
      </Figure>
      <td className={styles.number}>
        {now.talking + now.ringing}
        {now.elsewhere > 0 && <small>{` +${now.elsewhere}`}</small>}
      </td>
      <td className={styles.number}>{now.wrapUp}</td>
      <td className={styles.number}>{now.notReady}</td>
      <TodayCells number={number} thresholds={thresholds} />
    </tr>
  );
});

function Longest({ since, thresholds }: { since: string | null; thresholds: Thresholds }) {
  if (since !== null) return <Waiting since={since} thresholds={thresholds} />;
  return (
    <Figure measure="longest" value={null} thresholds={thresholds}>
      <span className={styles.none}>–</span>
    </Figure>
  );
}

/** Marked as it grows. */
function Waiting({ since, thresholds }: { since: string; thresholds: Thresholds }) {
  const waited = useServerNow() - Date.parse(since);
  return (
    <Figure measure="longest" value={waited / 1000} thresholds={thresholds}>
      {clock(waited)}
    </Figure>
  );
}

function TodayCells({ number, thresholds }: { number: string; thresholds: Thresholds }) {
  const queue = useQueue(number)!;
  const today = useToday(queue);
  if (!today) return <td colSpan={3} className={`${styles.number} ${styles.first}`} aria-busy="true" />;
  return (
    <>
      <td className={`${styles.number} ${styles.first}`}>{today.answered}</td>
      <Figure measure="abandoned" value={today.abandonedShare} thresholds={thresholds}>
        {today.abandoned}
        <small>{today.abandonedShare !== null && ` ${Math.round(today.abandonedShare)} %`}</small>
      </Figure>
      <Figure measure="service" value={today.serviceLevel} thresholds={thresholds}>
        {today.serviceLevel === null ? <span className={styles.none}>–</span> : `${Math.round(today.serviceLevel)} %`}
      </Figure>
    </>
  );
}

interface FigureProps {
  measure: Measure;
  value: number | null;
  thresholds: Thresholds;
  first?: boolean;
  children: ReactNode;
}

const SIGNS: Record<Level, string> = { fine: "", warn: "△", alarm: "▲" };

/** A figure with its mark: a sign and a word, not the colour alone. */
function Figure({ measure, value, thresholds, first, children }: FigureProps) {
  const found = level(measure, value, thresholds[measure]);
  return (
    <td className={first ? `${styles.number} ${styles.first}` : styles.number}>
      <span className={styles.mark} data-level={found}>
        {found !== "fine" && (
          <>
            <span aria-hidden="true">{SIGNS[found]} </span>
            <span className="visually-hidden">{found === "alarm" ? <Trans>Alarm:</Trans> : <Trans>Warning:</Trans>} </span>
          </>
        )}
        {children}
      </span>
    </td>
  );
}
