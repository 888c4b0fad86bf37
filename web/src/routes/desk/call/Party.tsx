/** Who is on the other side, by which queue or number, and what a flow has learned of her. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Recorded } from "~/components/Recorded/Recorded";
import type { Call } from "~/live/fold";
import { useAgent, useQueue } from "~/live/live";
import type { OwnCall } from "~/live/own";
import styles from "./call.module.css";

export function Party({ own }: { own: OwnCall }) {
  const { t } = useLingui();
  // A colleague is known by her name, even where the call brings none.
  const colleague = useAgent(own.number);
  const name = own.name || colleague?.name || "";
  const shown = name || own.number || t`Number withheld`;
  return (
    <div className={styles.party}>
      <div className={styles.name}>
        <bdi>{shown}</bdi>
      </div>
      {name && own.number && <div className={styles.number}>{own.number}</div>}
      <Way call={own.call} outgoing={own.outgoing} />
    </div>
  );
}

/** Which queue it came by, or what was dialed; and whether it is recorded. */
function Way({ call, outgoing }: { call: Call; outgoing: boolean }) {
  const { t } = useLingui();
  const queue = useQueue(call.queue);
  const dialed = call.dialed;
  return (
    <div className={styles.way}>
      {!outgoing && queue && <span className={styles.tag}>{queue.name}</span>}
      {!outgoing && !queue && (
        <span>
          <Trans>direct</Trans>
        </span>
      )}
      {!outgoing && dialed && !call.by_call_link && <span>{t`dialed ${dialed}`}</span>}
      <Recorded on={call.recording} />
    </div>
  );
}

/** What flows have learned, name by name. */
export function Learned({ call }: { call: Call }) {
  const learned = Object.entries(call.learned ?? {});
  if (learned.length === 0) return null;
  return (
    <dl className={styles.learned}>
      {learned.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
