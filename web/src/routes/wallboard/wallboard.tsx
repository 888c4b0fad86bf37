/** Queues and agents as they are. */
import { Trans, useLingui } from "@lingui/react/macro";
import { createLazyRoute } from "@tanstack/react-router";
import { Empty, Page } from "~/components/Page/Page";
import { StateChip } from "~/components/StateChip/StateChip";
import type { Agent, Queue } from "~/live/fold";
import { useAgents, useQueues } from "~/live/live";
import styles from "./wallboard.module.css";

export const page = createLazyRoute("/inside/wallboard")({ component: Wallboard });

function Wallboard() {
  const { t } = useLingui();
  const queues = useQueues();
  const agents = useAgents();
  return (
    <Page title={t`Wallboard`}>
      <section className="card" aria-label={t`Queues`}>
        {queues.length === 0 ? <Empty title={t`There is no queue yet`} /> : <Queues queues={queues} />}
      </section>
      <section className="card" aria-label={t`Agents`}>
        {agents.length === 0 ? <Empty title={t`There is no agent yet`} /> : <Agents agents={agents} />}
      </section>
    </Page>
  );
}

function Queues({ queues }: { queues: Queue[] }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">
            <Trans>Queue</Trans>
          </th>
          <th scope="col" className={styles.number}>
            <Trans>Waiting</Trans>
          </th>
          <th scope="col" className={styles.number}>
            <Trans>Answered</Trans>
          </th>
          <th scope="col" className={styles.number}>
            <Trans>Abandoned</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <tr key={queue.id}>
            <th scope="row">
              {queue.name} <small>{queue.number}</small>
            </th>
            <td className={styles.number}>{queue.waiting}</td>
            <td className={styles.number}>{queue.answered}</td>
            <td className={styles.number}>{queue.abandoned}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Agents({ agents }: { agents: Agent[] }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">
            <Trans>Agent</Trans>
          </th>
          <th scope="col">
            <Trans>State</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {agents.map((agent) => (
          <tr key={agent.id}>
            <th scope="row">
              {agent.name} <small>{agent.extension}</small>
            </th>
            <td>
              <StateChip state={agent.state} reason={agent.reason} since={agent.state_since} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
