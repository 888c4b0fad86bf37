/** The agents: a row each, in plain cells, which is drawn anew only when she herself changes. */
import { Trans, useLingui } from "@lingui/react/macro";
import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { memo, useEffect, useState } from "react";
import { STATES } from "~/components/StateChip/words";
import type { Agent, Call } from "~/live/fold";
import { useLive } from "~/live/live";
import { useReasonWord } from "~/components/StateChip/reasons";
import { useRowAgent, useRowCall } from "./frames";
import { wrapUpUntil } from "~/live/wrapUp";
import { type Busy, busyWith, unreachable } from "./figures";
import { type Groups, ordered, type Wish } from "./order";
import { Ago, Left } from "~/live/ticking";
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

interface RowProps {
  agentKey: string;
  queue: string | null;
  onOpen: ((key: string) => void) | null;
  plain: boolean;
  /** A reason in words. */
  say(reason: string): string;
}

/** One component with few parts, and always the same ones: rows change many times a second. */
const AgentRow = memo(function AgentRow({ agentKey, queue, onOpen, plain, say }: RowProps) {
  const { i18n } = useLingui();
  const agent = useRowAgent(agentKey);
  const call = useRowCall(agent?.call);
  if (!agent) return null;
  const seen = (queue ? agent.queues.find((one) => one.queue === queue) : undefined) ?? agent;
  const lost = unreachable(agent);
  const look = STATES[seen.state];
  const busy = busyWith({ ...agent, state: seen.state }, call);
  const word = i18n._(lost ? UNREACHABLE : busy ? BUSY[busy] : look.word);
  const reason = seen.state === "not_ready" && seen.reason ? `: ${say(seen.reason)}` : "";
  const until = wrapUpUntil(agent);
  return (
    <tr>
      <th scope="row" className={styles.who}>
        {onOpen ? (
          <button type="button" className={styles.open} onClick={() => onOpen(agentKey)}>
            {agent.name}
          </button>
        ) : (
          agent.name
        )}{" "}
        <small>{agent.extension}</small>
      </th>
      <td>
        <span className={styles.state} data-tone={lost ? "bad" : look.tone}>
          <span aria-hidden="true">{lost ? "⚠" : look.sign} </span>
          {`${word}${reason}`}
        </span>
        <small>{besides(agent, (one) => i18n._(one))}</small>
      </td>
      <td className={styles.time}>
        <Ago at={seen.state_since} />
        {until && <WrapUp until={until} />}
      </td>
      {!plain && <td className={styles.with}>{call ? withWhom(agent, call, i18n._(WITHHELD)) : ""}</td>}
      <td className={styles.in}>
        {agent.queues.map((one) => (
          <Membership
            key={one.queue}
            number={one.queue}
            name={one.name}
            inside={one.state !== "logged_out" && one.state !== "offline"}
            next={one.available_for_dispatch}
          />
        ))}
      </td>
    </tr>
  );
});

const UNREACHABLE = msg`Unreachable`;
const WITHHELD = msg`number withheld`;
const BUSY: Record<Busy, MessageDescriptor> = {
  queue: msg`Queue call`,
  direct: msg`Direct call`,
  outbound: msg`Call to outside`,
  internal: msg`Internal call`,
};

/** What else there is to know: invited, not to be disturbed, what comes after her call. */
function besides(agent: Agent, t: (word: MessageDescriptor) => string): string {
  const pending = agent.queues.find((one) => one.pending)?.pending;
  const next = pending && t(pending === "logout" ? STATES.logged_out.word : STATES.not_ready.word);
  const known = [
    agent.status === "invited" && t(msg`invited`),
    !agent.registered && agent.status === "active" && t(msg`no phone`),
    agent.dnd && t(msg`do not disturb`),
    next && t(msg`then: ${next}`),
  ].filter(Boolean);
  return known.length ? ` ${known.join(", ")}` : "";
}

/** Who is at the other end, and by which queue. */
function withWhom(agent: Agent, call: Call, withheld: string): string {
  const { number, name } = call.caller;
  const own = call.legs[0]?.agent === agent.extension;
  const who = own ? call.dialed : name || number || withheld;
  return call.queue ? `${who} · ${call.queue}` : who;
}

function WrapUp({ until }: { until: string }) {
  return (
    <small className={styles.left}>
      {" "}
      <span className="visually-hidden">
        <Trans>still</Trans>
      </span>{" "}
      <span aria-hidden="true">↓</span> <Left until={until} />
    </small>
  );
}

/** A queue by its number; marked where it would give her a call now. */
const Membership = memo(function Membership({ number, name, inside, next }: {
  number: string;
  name: string;
  inside: boolean;
  next: boolean;
}) {
  return (
    <span className={styles.membership} data-in={inside} data-next={next} title={name}>
      {number}
    </span>
  );
});
