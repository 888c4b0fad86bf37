/** Asks before something is removed: what goes with it, and what still points to it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Loader } from "@mantine/core";
import { Dialog } from "~/components/Dialog/Dialog";
import { say } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import type { Call } from "../model/curl";
import { faultsOf } from "./Faults";
import { Outcome } from "./Outcome";
import { useTrial } from "./trial";
import { Why } from "./Why";
import styles from "../Admin.module.css";

interface Props {
  /** What is removed, in words. */
  what: string;
  call: Call | null;
  onClose(): void;
  onRemoved(): void;
}

export function Remove({ what, call, onClose, onRemoved }: Props) {
  const { t } = useLingui();
  return (
    <Dialog
      opened={call !== null}
      onClose={onClose}
      size="lg"
      title={t`Remove ${what}?`}
    >
      {call && <Asked call={call} onClose={onClose} onRemoved={onRemoved} />}
    </Dialog>
  );
}

function Asked({ call, onClose, onRemoved }: { call: Call; onClose(): void; onRemoved(): void }) {
  const { t } = useLingui();
  const { tried, problem, busy, why, setWhy, apply } = useTrial(call, undefined, () => {
    say(t`Removed.`);
    onRemoved();
  });
  const used = faultsOf(problem);

  return (
    <div className={styles.stack}>
      {!tried && !problem && <Loader size="sm" aria-label={t`Loading`} />}
      {used.length > 0 && (
        <div role="alert">
          <p style={{ margin: 0 }}>
            <Trans>It cannot be removed yet: something still points to it. Let that point elsewhere first.</Trans>
          </p>
          <ul className={styles.plan} style={{ marginTop: 8 }}>
            {used.map(({ text }) => (
              <li key={text}>
                <bdi>{text}</bdi>
              </li>
            ))}
          </ul>
        </div>
      )}
      {tried && <Outcome made={tried} />}
      {tried && <Why value={why} onChange={setWhy} />}
      {used.length === 0 && <Problem problem={problem} />}
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose}>
          <Trans>Keep it</Trans>
        </Button>
        <Button color="brick" disabled={!tried} loading={busy} onClick={apply}>
          <Trans>Remove</Trans>
        </Button>
      </div>
    </div>
  );
}
