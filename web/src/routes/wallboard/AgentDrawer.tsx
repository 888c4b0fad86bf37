/** One agent: how she stands in each queue, what she is on, and what a supervisor may do about it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Drawer, Select, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { may } from "~/api/session";
import { StateChip } from "~/components/StateChip/StateChip";
import type { Agent } from "~/live/fold";
import { useAgent, useCall } from "~/live/live";
import { useMe } from "~/api/me";
import { type Verb, verbs } from "./acts";
import { CallActs } from "~/components/Call/CallActs";
import { Surely, useDoing } from "~/components/Doing/Doing";
import { useForce } from "./force";
import styles from "~/styles/drawer.module.css";

const REASON_MAX = 32;
const ALL = "all";

export function AgentDrawer({ agentKey, onClose }: { agentKey: string | null; onClose: () => void }) {
  const { t } = useLingui();
  const agent = useAgent(agentKey);
  return (
    <Drawer
      opened={agent !== undefined}
      onClose={onClose}
      position="right"
      size="26rem"
      title={agent && <span className={styles.title}>{`${agent.name} · ${agent.extension ?? "–"}`}</span>}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      {agent && <Inside agent={agent} />}
    </Drawer>
  );
}

function Inside({ agent }: { agent: Agent }) {
  const me = useMe();
  return (
    <div className={styles.parts}>
      <div>
        <StateChip state={agent.state} reason={agent.reason} since={agent.state_since} />
      </div>
      <Memberships agent={agent} />
      {may(me, "agent_state") && agent.extension && <Force agent={agent} />}
      <OnCall agent={agent} />
      <p className={styles.links}>
        <Link to="/calls" search={{ agent: agent.extension ?? "" }}>
          <Trans>Her calls</Trans>
        </Link>
        <Link to="/reports" search={{ agent: agent.extension ?? "" }}>
          <Trans>Her figures</Trans>
        </Link>
      </p>
    </div>
  );
}

function Memberships({ agent }: { agent: Agent }) {
  if (agent.queues.length === 0) {
    return (
      <p>
        <Trans>She is in no queue.</Trans>
      </p>
    );
  }
  return (
    <table className={styles.small}>
      <thead>
        <tr>
          <th scope="col">
            <Trans>Queue</Trans>
          </th>
          <th scope="col">
            <Trans>State</Trans>
          </th>
          <th scope="col" className={styles.number}>
            <Trans>Missed</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        {agent.queues.map((one) => (
          <tr key={one.queue}>
            <th scope="row">
              {one.name} <small>{one.queue}</small>
            </th>
            <td>
              <StateChip state={one.state} reason={one.reason} />
            </td>
            <td className={styles.number}>{one.missed}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Sets her state, in one queue or in all. */
function Force({ agent }: { agent: Agent }) {
  const { t } = useLingui();
  const [queue, setQueue] = useState(ALL);
  const [reason, setReason] = useState("");
  const { busy, doing } = useDoing();
  const force = useForce();
  const possible = verbs(queue === ALL ? agent : { ...agent, queues: agent.queues.filter((one) => one.queue === queue) });
  const does = (verb: Verb) =>
    void doing(() => force(agent, { verb, queue, ...(verb === "not-ready" && reason ? { reason } : {}) }));
  const { name } = agent;
  if (agent.queues.length === 0) return null;
  return (
    <section className={styles.part} aria-label={t`Set her state`}>
      <h3>
        <Trans>Set her state</Trans>
      </h3>
      {agent.queues.length > 1 && (
        <Select
          size="xs"
          label={t`In`}
          allowDeselect={false}
          value={queue}
          onChange={(value) => setQueue(value ?? ALL)}
          data={[{ value: ALL, label: t`all her queues` }, ...agent.queues.map((one) => ({ value: one.queue, label: `${one.name} · ${one.queue}` }))]}
        />
      )}
      {possible.includes("not-ready") && (
        <TextInput
          size="xs"
          label={t`Reason`}
          description={t`She sees it. Without one it says that a supervisor did it.`}
          maxLength={REASON_MAX}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      )}
      <div className={styles.buttons}>
        {possible.includes("ready") && (
          <Button size="xs" variant="default" disabled={busy} onClick={() => does("ready")}>
            <Trans>Ready</Trans>
          </Button>
        )}
        {possible.includes("not-ready") && (
          <Button size="xs" variant="default" disabled={busy} onClick={() => does("not-ready")}>
            <Trans>Not ready</Trans>
          </Button>
        )}
        {possible.includes("login") && (
          <Button size="xs" variant="default" disabled={busy} onClick={() => does("login")}>
            <Trans>Log in</Trans>
          </Button>
        )}
        {possible.includes("logout") && (
          <Surely
            act={t`Log out`}
            ask={t`Log ${name} out?`}
            yes={t`Log out`}
            busy={busy}
            onYes={() => does("logout")}
          />
        )}
      </div>
    </section>
  );
}

function OnCall({ agent }: { agent: Agent }) {
  const { t } = useLingui();
  const call = useCall(agent.call);
  if (!call) return null;
  return (
    <section className={styles.part} aria-label={t`Her call`}>
      <h3>
        <Trans>Her call</Trans>
      </h3>
      <CallActs key={call.id} call={call} />
    </section>
  );
}
