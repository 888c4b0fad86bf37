/** What each number means, beside the numbers. */
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";
import styles from "./reports.module.css";

export function Definitions({ about }: { about: "queue" | "agent" }) {
  return (
    <details className={`card ${styles.definitions}`}>
      <summary>
        <Trans>What these numbers mean</Trans>
      </summary>
      <dl>{(about === "queue" ? queue() : agent()).map(([key, word, text]) => <Definition key={key} word={word} text={text} />)}</dl>
    </details>
  );
}

function Definition({ word, text }: { word: ReactNode; text: ReactNode }) {
  return (
    <>
      <dt>{word}</dt>
      <dd>{text}</dd>
    </>
  );
}

type Entry = [string, ReactNode, ReactNode];

const queue = (): Entry[] => [
  ["offered", <Trans>Offered</Trans>, <Trans>Calls that entered the queue in the interval, or tried to, whatever came of them later. Always the sum of answered, gave up and elsewhere. Calls that are not over are not counted yet, so the last intervals grow.</Trans>],
  ["answered", <Trans>Answered</Trans>, <Trans>An agent answered.</Trans>],
  ["abandoned", <Trans>Gave up</Trans>, <Trans>The caller hung up before an agent answered. Who was sent elsewhere by a rule has not given up.</Trans>],
  ["elsewhere", <Trans>Elsewhere</Trans>, <Trans>Everything else: waited too long, line full, nobody there, closed, night mode, left by a key, asked to be called back, taken out. The number shows which.</Trans>],
  ["level", <Trans>Service level</Trans>, <Trans>answered in time / (answered with a threshold + gave up after the threshold). Who gives up before the threshold does not count; without a threshold there is none.</Trans>],
  ["wait", <Trans>Mean wait</Trans>, <Trans>Of the answered, from entering the line to the answer. The longest wait is of all calls.</Trans>],
  ["talk", <Trans>Mean talk</Trans>, <Trans>From the agent's answer to the end of her side, holding included, for each call that an agent talked on, callbacks too.</Trans>],
  ["holds", <Trans>Holds, on hold</Trans>, <Trans>How often callers were put on hold, here or by a phone's own key, and for how long together. It is part of the talk.</Trans>],
  ["handle", <Trans>Mean handling</Trans>, <Trans>Talk and wrap-up for each such call.</Trans>],
  ["sum", <Trans>Together</Trans>, <Trans>Counts are added; means and shares are made anew from all calls, not from the means of the rows.</Trans>],
];

const agent = (): Entry[] => [
  ["in", <Trans>Logged in</Trans>, <Trans>To at least one queue. It is the sum of ready, not ready, rung, queue call, other call and wrap-up.</Trans>],
  ["state", <Trans>Ready, not ready …</Trans>, <Trans>The most telling over her queues: a queue call, another call, ringing, wrap-up, ready, not ready, in this order.</Trans>],
  ["offered", <Trans>Offered</Trans>, <Trans>Queue calls for which her phones were called in the interval: answered, missed, declined, not reached, or taken back before.</Trans>],
  ["missed", <Trans>Missed</Trans>, <Trans>Her phone rang out. If somebody else answered, or the caller was gone, it is no miss.</Trans>],
  ["holds", <Trans>Holds, on hold</Trans>, <Trans>How often she put callers of queues on hold, here or by her phone's own key, and for how long together.</Trans>],
  ["other", <Trans>Other calls</Trans>, <Trans>Calls that came through no queue, from or to her phones, and were answered.</Trans>],
  ["occupancy", <Trans>Occupancy</Trans>, <Trans>(rung + queue calls + wrap-up) / (the same + ready).</Trans>],
];
