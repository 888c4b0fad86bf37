/** The agents: a row each, in plain cells, which is drawn anew only when she herself changes. */
import { Trans, useLingui } from "@lingui/react/macro";
import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { memo, useEffect, useState } from "react";
import { reasonWord, STATES } from "~/components/StateChip/words";
import type { Agent } from "~/live/fold";
import { useAgent, useCall, useLive } from "~/live/live";
import { type Busy, busyWith, unreachable, wrapUpUntil } from "./figures";
import { type Groups, ordered, type Wish } from "./order";
import { Ago, Left } from "./ticking";
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
        <tbody>
          {keys.map((key) => (
            <AgentRow key={key} agentKey={key} queue={wish.queue} onOpen={onOpen} plain={plain} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The keys of those who are shown; the same array until it says something else. */
function useOrder(wish: Wish, groups: Groups): string[] {
  const live = useLive();
  const [keys, setKeys] = useState<string[]>(() => ordered(live.unsorted.agents, wish, groups));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      timer = undefined;
      const next = ordered(live.unsorted.agents, wish, groups);
      setKeys((now) => (now.length === next.length && now.every((key, n) => key === next[n]) ? now : next));
    };
    look();
    const end = live.subscribe("agents", () => {
      timer ??= setTimeout(look, ORDER_EVERY);
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
}

const AgentRow = memo(function AgentRow({ agentKey, queue, onOpen, plain }: RowProps) {
  const agent = useAgent(agentKey);
  if (!agent) return null;
  const membership = queue ? agent.queues.find((one) => one.queue === queue) : undefined;
  const seen = membership ?? agent;
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
        <StateWord agent={agent} state={seen.state} reason={seen.reason} />
      </td>
      <td className={styles.time}>
        <Ago at={seen.state_since} />
        <WrapUp agent={agent} />
      </td>
      {!plain && (
        <td className={styles.with}>
          <With agent={agent} />
        </td>
      )}
      <td className={styles.in}>
        <InQueues agent={agent} />
      </td>
    </tr>
  );
});

const BUSY: Record<Busy, MessageDescriptor> = {
  queue: msg`Queue call`,
  direct: msg`Direct call`,
  outbound: msg`Call to outside`,
  internal: msg`Internal call`,
};

function StateWord({ agent, state, reason }: { agent: Agent; state: Agent["state"]; reason: string | null | undefined }) {
  const { i18n } = useLingui();
  const call = useCall(agent.call);
  const busy = state === "other_call" || state === "queue_call" ? busyWith({ ...agent, state }, call) : null;
  const look = STATES[state];
  const word = i18n._(busy ? BUSY[busy] : look.word);
  const lost = unreachable(agent);
  return (
    <>
      <span className={styles.state} data-tone={lost ? "bad" : look.tone}>
        <span aria-hidden="true">{lost ? "⚠" : look.sign} </span>
        {lost ? <Trans>Unreachable</Trans> : word}
        {state === "not_ready" && reason ? `: ${reasonWord(reason, (one) => i18n._(one))}` : ""}
      </span>
      {agent.status === "invited" && (
        <small>
          {" "}
          <Trans>invited</Trans>
        </small>
      )}
      {agent.dnd && (
        <small>
          {" "}
          <Trans>do not disturb</Trans>
        </small>
      )}
      <Pending agent={agent} />
    </>
  );
}

/** What is to come at the end of her call. */
function Pending({ agent }: { agent: Agent }) {
  const { i18n } = useLingui();
  const found = agent.queues.find(({ pending }) => pending);
  if (!found?.pending) return null;
  const next = i18n._(found.pending === "logout" ? STATES.logged_out.word : STATES.not_ready.word);
  return (
    <small>
      {" "}
      <Trans>then: {next}</Trans>
    </small>
  );
}

function WrapUp({ agent }: { agent: Agent }) {
  const until = wrapUpUntil(agent);
  if (!until) return null;
  return (
    <small className={styles.left}>
      {" "}
      <span className="visually-hidden">
        <Trans>still</Trans>
      </span>{" "}
      <span aria-hidden="true">⏳</span> <Left until={until} />
    </small>
  );
}

/** Who is at the other end. */
function With({ agent }: { agent: Agent }) {
  const call = useCall(agent.call);
  if (!call) return null;
  const { number, name } = call.caller;
  const own = call.legs[0]?.agent === agent.extension;
  return (
    <>
      {own ? call.dialed : name || number || <Trans>number withheld</Trans>}
      {call.queue && <small>{` · ${call.queue}`}</small>}
    </>
  );
}

/** Each queue as a number; one that would give her a call now is marked. */
function InQueues({ agent }: { agent: Agent }) {
  const { i18n } = useLingui();
  return agent.queues.map(({ queue, name, state, available_for_dispatch }) => (
    <span
      key={queue}
      className={styles.membership}
      data-in={state !== "logged_out" && state !== "offline"}
      title={`${name}: ${i18n._(STATES[state].word)}`}
    >
      {available_for_dispatch && <span aria-hidden="true">✓</span>}
      {queue}
    </span>
  ));
}
