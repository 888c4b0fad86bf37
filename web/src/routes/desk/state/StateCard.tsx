/** How she stands, what comes after this call, and what she can choose. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconLogin2, IconLogout, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { Since } from "~/components/StateChip/StateChip";
import { useReasonWord } from "~/components/StateChip/reasons";
import { STATES } from "~/components/StateChip/words";
import type { Agent } from "~/live/fold";
import { useAct } from "~/softphone/own";
import { usePhone } from "~/softphone/phone";
import { act } from "~/live/acts";
import { choices, pending } from "~/live/own";
import { hint } from "../shortcuts/keys";
import desk from "../desk.module.css";
import { Reasons } from "./Reasons";
import styles from "./StateCard.module.css";

export function StateCard({ agent, extension }: { agent: Agent; extension: string }) {
  const { t, i18n } = useLingui();
  const look = STATES[agent.state];
  const can = choices(agent.queues);
  // The ways out of wrap-up are where its time runs.
  const wrapping = agent.state === "wrap_up";
  const say = useReasonWord();
  const reason = agent.state === "not_ready" && agent.reason ? say(agent.reason) : null;
  return (
    <section className={desk.card} aria-label={t`Your state`}>
      <div className={styles.now} data-tone={look.tone}>
        <span className={styles.sign} aria-hidden="true">
          {look.sign}
        </span>
        <div className={desk.grow}>
          <div className={styles.word}>{i18n._(look.word)}</div>
          {reason && <div className={styles.reason}>{reason}</div>}
        </div>
        <span className={styles.since}>
          <Since at={agent.state_since} />
        </span>
      </div>
      <Pending agent={agent} extension={extension} />
      {agent.queues.length === 0 ? (
        <p className={desk.dim}>
          <Trans>You are in no queue. A supervisor or an administrator puts you into one.</Trans>
        </p>
      ) : (
        <div className={styles.choices}>
          {can.ready && !wrapping && !pending(agent) && (
            <Button
              leftSection={<IconPlayerPlay size={18} aria-hidden="true" />}
              onClick={() => void act(extension, "ready")}
              {...hint("ready", t`Ready`)}
            >
              <Trans>Ready</Trans>
            </Button>
          )}
          {can.notReady && !wrapping && <NotReady agent={agent} extension={extension} />}
          {can.logIn && <LogIn extension={extension} />}
          {can.logOut && <LogOut extension={extension} />}
        </div>
      )}
    </section>
  );
}

function NotReady({ agent, extension }: { agent: Agent; extension: string }) {
  const { t } = useLingui();
  const later = agent.state === "queue_call" || agent.state === "other_call";
  return (
    <Menu position="bottom-start" width="target" keepMounted>
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={18} aria-hidden="true" />}
          rightSection={<IconChevronDown size={16} aria-hidden="true" />}
          {...hint("notReady", t`Not ready`)}
        >
          {later ? <Trans>Not ready after the call</Trans> : <Trans>Not ready</Trans>}
        </Button>
      </Menu.Target>
      <Reasons onChoose={(reason) => void act(extension, "not-ready", { reason })} />
    </Menu>
  );
}

function LogIn({ extension }: { extension: string }) {
  return (
    <Button
      variant="default"
      leftSection={<IconLogin2 size={18} aria-hidden="true" />}
      onClick={() => void act(extension, "login")}
    >
      <Trans>Log in to the queues</Trans>
    </Button>
  );
}

function LogOut({ extension }: { extension: string }) {
  const phone = usePhone();
  const leave = async () => {
    if (await act(extension, "logout")) phone.finish();
  };
  return (
    <Button variant="subtle" color="gray" c="var(--mantine-color-text)" leftSection={<IconLogout size={18} aria-hidden="true" />} onClick={() => void leave()}>
      <Trans>End the shift</Trans>
    </Button>
  );
}

/** What will be when the call ends, with the way to take it back. */
function Pending({ agent, extension }: { agent: Agent; extension: string }) {
  const { t } = useLingui();
  const change = useAct(extension);
  const say = useReasonWord();
  const next = pending(agent);
  if (!next) return null;
  const reason = next.reason ? say(next.reason) : null;
  return (
    <div className={styles.pending} role="status">
      <span className={desk.grow}>
        {next.what === "logout" ? (
          <Trans>After this call: logged out</Trans>
        ) : reason ? (
          t`After this call: not ready, ${reason}`
        ) : (
          <Trans>After this call: not ready</Trans>
        )}
      </span>
      <Button size="compact-sm" variant="default" onClick={() => void change("ready")}>
        <Trans>Take back</Trans>
      </Button>
    </div>
  );
}
