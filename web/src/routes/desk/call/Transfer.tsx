/** Gives a call away: to a colleague or a queue, as they are at this moment, or to a number. */
import { Trans, useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "~/components/Dialog/Dialog";
import { say } from "~/components/Notice/notice";
import { StateChip } from "~/components/StateChip/StateChip";
import { useAgents, useQueues } from "~/live/live";
import { transfer } from "~/live/acts";
import { useSteady } from "~/live/steady";
import { type Target, targets } from "~/live/targets";
import styles from "./call.module.css";

interface Props {
  call: string;
  extension: string;
  opened: boolean;
  onClose(): void;
}

export function Transfer({ call, extension, opened, onClose }: Props) {
  const { t } = useLingui();
  return (
    <Dialog opened={opened} onClose={onClose} title={t`Transfer the call`}>
      <Choose call={call} extension={extension} onDone={onClose} />
    </Dialog>
  );
}

const idOf = ({ kind, number }: Target): string => `${kind} ${number}`;

function Choose({ call, extension, onDone }: { call: string; extension: string; onDone(): void }) {
  const { t } = useLingui();
  const agents = useAgents();
  const queues = useQueues();
  const [text, setText] = useState("");
  const found = useSteady(targets(agents, queues, extension, text), text, idOf);

  const give = async (target: Target | undefined) => {
    if (!target || !(await transfer(call, target.number))) return;
    const to = target.kind === "number" ? target.number : target.name;
    say(t`Transferred to ${to}.`);
    onDone();
  };

  return (
    <div className={styles.transfer}>
      <TextInput
        data-autofocus
        label={t`To whom`}
        placeholder={t`Name, extension or number`}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") void give(found[0]);
        }}
      />
      <p className={styles.padNote}>
        <Trans>The call leaves you at once. Enter takes the first of the list.</Trans>
      </p>
      <ul className={styles.targets}>
        {found.map((target) => (
          <li key={idOf(target)}>
            <button type="button" className={styles.target} onClick={() => void give(target)}>
              <Shown target={target} />
            </button>
          </li>
        ))}
        {found.length === 0 && (
          <li className={styles.padNote}>
            <Trans>Nobody is called so, and it is no number.</Trans>
          </li>
        )}
      </ul>
    </div>
  );
}

function Shown({ target }: { target: Target }) {
  const { number } = target;
  if (target.kind === "number") {
    return (
      <span className={styles.targetName}>
        <Trans>Number {number}</Trans>
      </span>
    );
  }
  return (
    <>
      <span className={styles.targetName}>
        {target.name} <small>{number}</small>
      </span>
      {target.kind === "agent" ? <StateChip state={target.state} /> : <Line waiting={target.waiting} />}
    </>
  );
}

function Line({ waiting }: { waiting: number }) {
  return (
    <small>
      <Trans>Queue, {waiting} waiting</Trans>
    </small>
  );
}
