/** Who waits in the lines, those first who have waited longest. */
import { Trans } from "@lingui/react/macro";
import { memo, useMemo } from "react";
import { callerOf } from "~/live/caller";
import type { Call } from "~/live/fold";
import { useCalls, useQueue } from "~/live/live";
import { useRowCall } from "./frames";
import { Ago } from "~/live/ticking";
import styles from "./wallboard.module.css";

/** Most rows that are shown; a longer line is seen in its figures. */
const SHOWN_MAX = 200;

const inLine = (call: Call): boolean => call.state === "waiting" || call.state === "callback";
const since = (call: Call): string => call.enqueued_at ?? call.started_at;

export function Callers({ queue, onOpen }: { queue: string | null; onOpen: (call: string) => void }) {
  const calls = useCalls();
  const waiting = useMemo(
    () =>
      calls
        .filter((call) => inLine(call) && (!queue || call.queue === queue))
        .sort((a, b) => (since(a) < since(b) ? -1 : 1)),
    [calls, queue],
  );
  if (waiting.length === 0) {
    return (
      <p className={styles.nobody}>
        <Trans>Nobody waits.</Trans>
      </p>
    );
  }
  const more = waiting.length - SHOWN_MAX;
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-labelledby="callers">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Caller</Trans>
            </th>
            <th scope="col">
              <Trans>Queue</Trans>
            </th>
            <th scope="col" className={styles.number}>
              <Trans>Waits</Trans>
            </th>
            <th scope="col">
              <Trans>Rings at</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {waiting.slice(0, SHOWN_MAX).map(({ id }) => (
            <CallerRow key={id} id={id} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
      {more > 0 && (
        <p className={styles.nobody}>
          <Trans>And {more} more.</Trans>
        </p>
      )}
    </div>
  );
}

const CallerRow = memo(function CallerRow({ id, onOpen }: { id: string; onOpen: (call: string) => void }) {
  const call = useRowCall(id);
  const queue = useQueue(call?.queue);
  if (!call) return null;
  const { name, number } = callerOf(call);
  return (
    <tr>
      <th scope="row" className={styles.who}>
        <button type="button" className={styles.open} onClick={() => onOpen(id)}>
          {name ? <bdi>{name}</bdi> : number || <Trans>number withheld</Trans>}
        </button>{" "}
        <small>{name ? number : ""}</small>
        {call.state === "callback" && (
          <small className={styles.tag}>
            <Trans>to be called back</Trans>
          </small>
        )}
      </th>
      <td>
        {queue?.name} <small>{call.queue}</small>
      </td>
      <td className={styles.number}>
        <Ago at={since(call)} />
      </td>
      <td>{call.offered_to.length ? call.offered_to.join(", ") : <span className={styles.none}>–</span>}</td>
    </tr>
  );
});
