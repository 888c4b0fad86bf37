/** The agents: a row each, in an order that holds still for a moment. */
import { Trans } from "@lingui/react/macro";
import { memo, useEffect, useState } from "react";
import { useLive } from "~/live/live";
import { useReasonWord } from "~/components/StateChip/reasons";
import { AgentRow, type RowProps } from "./AgentRow";
import { type Groups, ordered, type Wish } from "./order";
import styles from "./wallboard.module.css";

/** How often the order is looked at: rows that jump about cannot be read. */
const ORDER_EVERY = 1_000;

interface Props {
  wish: Wish;
  groups: Groups;
  /** Opens what can be done with an agent. */
  onOpen: ((key: string) => void) | null;
  /** Without who they talk with: for everybody's eyes. */
  plain?: boolean;
}

export function Agents({ wish, groups, onOpen, plain = false }: Props) {
  const keys = useOrder(wish, groups);
  const say = useReasonWord();
  if (keys.length === 0) {
    return (
      <p className={styles.nobody}>
        <Trans>No agent fits this choice.</Trans>
      </p>
    );
  }
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-labelledby="agents">
      <table className={`${styles.table} ${styles.agents}`}>
        <thead>
          <tr>
            <th scope="col" className={styles.who}>
              <Trans>Agent</Trans>
            </th>
            <th scope="col" className={styles.does}>
              <Trans>State</Trans>
            </th>
            <th scope="col" className={styles.time}>
              <Trans>Since</Trans>
            </th>
            {!plain && (
              <th scope="col">
                <Trans>With</Trans>
              </th>
            )}
            <th scope="col" className={styles.in}>
              <Trans>Queues</Trans>
            </th>
          </tr>
        </thead>
        {groupsOf(keys).map((some) => (
          <Rows key={some[0]} keys={some.join(" ")} queue={wish.queue} onOpen={onOpen} plain={plain} say={say} />
        ))}
      </table>
    </div>
  );
}

/** Rows stand in groups, so that a change is looked for in its group and not in all five hundred rows. */
const GROUP = 25;

const groupsOf = (keys: string[]): string[][] =>
  Array.from({ length: Math.ceil(keys.length / GROUP) }, (_, n) => keys.slice(n * GROUP, (n + 1) * GROUP));

/** `keys` is one text, so that the same ones are known to be the same. */
const Rows = memo(function Rows({ keys, ...more }: { keys: string } & Omit<RowProps, "agentKey">) {
  return (
    <tbody>
      {keys.split(" ").map((key) => (
        <AgentRow key={key} agentKey={key} {...more} />
      ))}
    </tbody>
  );
});

/** The keys of those who are shown; the same array until it says something else. */
function useOrder(wish: Wish, groups: Groups): string[] {
  const live = useLive();
  const [keys, setKeys] = useState<string[]>(() => ordered(live.unsorted.agents, wish, groups));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let shown = false;
    const look = () => {
      timer = undefined;
      const next = ordered(live.unsorted.agents, wish, groups);
      shown = next.length > 0;
      setKeys((now) => (now.length === next.length && now.every((key, n) => key === next[n]) ? now : next));
    };
    look();
    const end = live.subscribe("agents", () => {
      timer ??= setTimeout(look, shown ? ORDER_EVERY : 0);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [live, wish, groups]);
  return keys;
}
