/** What can be done to the chosen entries together: looked at first, then all of it or nothing. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, Select } from "@mantine/core";
import { Dialog } from "~/components/Dialog/Dialog";
import { useState } from "react";
import { say } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { type Deed, edits } from "../model/bulk";
import { type Provisioned, provisioningPath } from "../model/call";
import type { Call } from "../model/curl";
import type { Entry, Json } from "../model/json";
import type { Section } from "../model/sections";
import { faultsOf } from "../parts/Faults";
import { Outcome } from "../parts/Outcome";
import { useReferences } from "../parts/references";
import { ShowCall } from "../parts/ShowCall";
import { useTrial } from "../parts/trial";
import { Why } from "../parts/Why";
import styles from "../Admin.module.css";

interface Props {
  section: Section;
  chosen: readonly Entry[];
  onDone(): void;
}

export function Bulk({ section, chosen, onDone }: Props) {
  const { t } = useLingui();
  const [deed, setDeed] = useState<Deed | null>(null);
  const queues = useReferences({ shape: "Plan", name: "queue" });
  const groups = useReferences({ shape: "Agent", name: "groups" });
  const count = chosen.length;
  return (
    <div className={styles.bulk} role="region" aria-label={t`The chosen ones`}>
      <strong>
        <Plural value={count} one="# chosen" other="# chosen" />
      </strong>
      {section.switch && (
        <>
          <Button size="xs" variant="default" onClick={() => setDeed({ kind: "switch", on: true })}>
            <Trans>Switch on</Trans>
          </Button>
          <Button size="xs" variant="default" onClick={() => setDeed({ kind: "switch", on: false })}>
            <Trans>Switch off</Trans>
          </Button>
        </>
      )}
      {section.name === "agents" && (
        <>
          <Select
            size="xs"
            searchable
            aria-label={t`Add to a queue`}
            placeholder={t`Add to a queue`}
            data={queues?.options ?? []}
            value={null}
            onChange={(queue) => queue && setDeed({ kind: "queue", queue })}
          />
          <Select
            size="xs"
            searchable
            aria-label={t`Add to a group`}
            placeholder={t`Add to a group`}
            data={groups?.options ?? []}
            value={null}
            onChange={(group) => group && setDeed({ kind: "group", group })}
          />
        </>
      )}
      <Button size="xs" variant="default" className={styles.danger!} onClick={() => setDeed({ kind: "remove" })}>
        <Trans>Remove</Trans>
      </Button>
      <Button size="xs" variant="subtle" onClick={onDone}>
        <Trans>Choose none</Trans>
      </Button>
      <Dialog
        opened={deed !== null}
        onClose={() => setDeed(null)}
        size="lg"
        title={t`What would change`}
      >
        {deed && (
          <Together
            key={JSON.stringify(deed)}
            call={{
              method: "PATCH",
              path: provisioningPath(),
              body: { edits: edits(section, chosen, deed) as unknown as Json },
            }}
            onClose={() => setDeed(null)}
            onDone={() => {
              setDeed(null);
              onDone();
            }}
          />
        )}
      </Dialog>
    </div>
  );
}

interface TogetherProps {
  call: Call;
  onClose(): void;
  onDone(made: Provisioned): void;
}

/** A change that is tried first, shown, and then done. */
export function Together({ call, onClose, onDone }: TogetherProps) {
  const { t } = useLingui();
  const { tried, problem, busy, why, setWhy, apply } = useTrial(call, undefined, (made) => {
    say(t`Done.`);
    onDone(made);
  });
  const faults = faultsOf(problem);

  return (
    <div className={styles.stack}>
      {tried && <Outcome made={tried} />}
      {faults.length > 0 ? (
        <ul className={styles.plan} role="alert">
          {faults.map(({ text }, at) => (
            <li key={at} className={styles.goes}>
              <bdi>{text}</bdi>
            </li>
          ))}
        </ul>
      ) : (
        <Problem problem={problem} />
      )}
      {tried && <Why value={why} onChange={setWhy} />}
      <div className={styles.buttons}>
        <ShowCall call={() => call} />
        <Button variant="default" onClick={onClose}>
          <Trans>Change nothing</Trans>
        </Button>
        <Button loading={busy} disabled={!tried} onClick={apply}>
          <Trans>Do it</Trans>
        </Button>
      </div>
    </div>
  );
}
