/** Her queues: who waits and how long, and how she stands in each where that differs. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { Empty } from "~/components/Page/Page";
import { Since, StateChip } from "~/components/StateChip/StateChip";
import type { Agent } from "~/live/fold";
import { useCalls } from "~/live/live";
import { act } from "~/live/acts";
import { choices, differ, type Membership, waitingIn } from "~/live/own";
import desk from "../desk.module.css";
import styles from "./queues.module.css";

export function MyQueues({ agent, extension }: { agent: Agent; extension: string }) {
  const { t } = useLingui();
  const apart = differ(agent);
  return (
    <section className={desk.card} aria-label={t`My queues`}>
      <h2 className={desk.cardTitle}>
        <Trans>My queues</Trans>
      </h2>
      {agent.queues.length === 0 ? (
        <Empty title={t`You are in no queue`} />
      ) : (
        <ul className={styles.queues}>
          {agent.queues.map((membership) => (
            <Queue key={membership.queue} membership={membership} extension={extension} apart={apart} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Queue({ membership, extension, apart }: { membership: Membership; extension: string; apart: boolean }) {
  const calls = useCalls();
  const { queue, name, state, reason } = membership;
  const { count, since } = waitingIn(calls, queue);
  return (
    <li className={styles.queue}>
      <div className={desk.grow}>
        <div className={styles.name}>
          {name} <small>{queue}</small>
        </div>
        <div className={styles.waiting} data-some={count > 0}>
          {since ? (
            <>
              <Plural value={count} one="# waiting" other="# waiting" />, <Trans>longest</Trans> <Since at={since} />
            </>
          ) : (
            <Trans>nobody waiting</Trans>
          )}
        </div>
        {apart && (
          <div className={styles.state}>
            <StateChip state={state} reason={reason} />
          </div>
        )}
      </div>
      <Choices membership={membership} extension={extension} />
    </li>
  );
}

/** What she can choose for this queue alone. */
function Choices({ membership, extension }: { membership: Membership; extension: string }) {
  const { t } = useLingui();
  const { queue, name } = membership;
  const can = choices([membership]);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" c="var(--mantine-color-dimmed)" aria-label={t`In ${name} only`}>
          <IconDots size={18} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t`In ${name} only`}</Menu.Label>
        {can.ready && (
          <Menu.Item onClick={() => void act(extension, "ready", { queue })}>
            <Trans>Ready</Trans>
          </Menu.Item>
        )}
        {can.notReady && (
          <Menu.Item onClick={() => void act(extension, "not-ready", { queue })}>
            <Trans>Not ready</Trans>
          </Menu.Item>
        )}
        {can.logIn && (
          <Menu.Item onClick={() => void act(extension, "login", { queue })}>
            <Trans>Log in</Trans>
          </Menu.Item>
        )}
        {can.logOut && (
          <Menu.Item onClick={() => void act(extension, "logout", { queue })}>
            <Trans>Log out</Trans>
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
