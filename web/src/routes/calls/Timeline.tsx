/** A call's stays and legs, each as a bar on the same line of time. */
import { Trans, useLingui } from "@lingui/react/macro";
import { clock, timeOfDay } from "~/i18n/time";
import { callerOf } from "~/live/caller";
import type { Call } from "~/live/fold";
import { useQueues, useServerNow } from "~/live/live";
import { type Bar, timeline } from "./timeline";
import { useNames } from "~/components/Call/Decisions";
import { causeWord, LEG_STATES, OUTCOMES } from "~/components/Call/words";
import styles from "./calls.module.css";

export function Timeline({ call }: { call: Call }) {
  const now = useServerNow();
  const { begins, ends, bars } = timeline(call, now);
  const [first, last] = [timeOfDay(begins), timeOfDay(ends)];
  return (
    <>
      <ol className={styles.bars}>
        {bars.map((bar) => (
          <BarView key={bar.key} bar={bar} call={call} />
        ))}
      </ol>
      <div className={styles.ends}>
        <span>{first}</span>
        <span>{call.ended_at ? last : <Trans>now</Trans>}</span>
      </div>
      <div className={styles.key}>
        <span>
          <i className={styles.piece} data-part="waits" /> <Trans>waits in a queue</Trans>
        </span>
        <span>
          <i className={styles.piece} data-part="rings" /> <Trans>rings</Trans>
        </span>
        <span>
          <i className={styles.piece} data-part="talks" /> <Trans>connected</Trans>
        </span>
      </div>
    </>
  );
}

function BarView({ bar, call }: { bar: Bar; call: Call }) {
  const time = clock(bar.ends - bar.begins);
  return (
    <li className={styles.bar}>
      <span className={styles.label}>
        <BarName bar={bar} call={call} />
        <small>
          <BarEnd bar={bar} call={call} /> · {time}
        </small>
      </span>
      <span className={styles.track} aria-hidden="true">
        {bar.parts.map(({ part, from, to }) => (
          <span
            key={part}
            className={styles.piece}
            data-part={part}
            style={{ insetInlineStart: `${from * 100}%`, width: `${(to - from) * 100}%` }}
          />
        ))}
      </span>
    </li>
  );
}

function BarName({ bar, call }: { bar: Bar; call: Call }) {
  const names = useNames();
  const queues = useQueues();
  if (bar.stay) {
    const number = bar.stay.queue;
    const name = queues.find((queue) => queue.number === number)?.name ?? "";
    return (
      <span>
        <Trans>Queue</Trans> {name} <small>{number}</small>
      </span>
    );
  }
  const { leg } = bar;
  if (!leg) return null;
  const caller = call.legs[0]?.id === leg.id;
  const who = leg.agent ?? leg.extension;
  if (who) return <span>{names(who)}</span>;
  const { name, number } = callerOf(call);
  const outside = caller ? name || number : call.dialed;
  return (
    <span>
      {outside ? <bdi>{outside}</bdi> : <Trans>number withheld</Trans>} <small>{leg.trunk}</small>
    </span>
  );
}

function BarEnd({ bar }: { bar: Bar; call: Call }) {
  const { i18n } = useLingui();
  if (bar.stay) return bar.stay.left_at ? i18n._(OUTCOMES[bar.stay.outcome]) : <Trans>waits</Trans>;
  const { leg } = bar;
  if (!leg) return null;
  const status = i18n._(LEG_STATES[leg.status]);
  if (!leg.cause) return status;
  const cause = causeWord(leg.cause, (one) => i18n._(one));
  return `${status}, ${cause}`;
}
