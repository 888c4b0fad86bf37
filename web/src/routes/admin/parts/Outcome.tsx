/** What a change would do, or has done: the server's plan, what live calls would feel, and what is shown only once. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, CopyButton } from "@mantine/core";
import { Dialog } from "~/components/Dialog/Dialog";
import type { ReactNode } from "react";
import type { Provisioned } from "../model/call";
import { counts, isNothing, lines } from "../model/plan";
import styles from "../Admin.module.css";

/** `counted`: with how many there are of each kind. */
export function Plan({ plan, counted = true }: { plan: readonly string[]; counted?: boolean }) {
  const { t } = useLingui();
  if (isNothing(plan)) {
    return (
      <p className={styles.none}>
        <Trans>Nothing would change.</Trans>
      </p>
    );
  }
  const { comes, goes, changes } = counts(plan);
  return (
    <div>
      {counted && (
      <p className={styles.hint}>
        <Plural value={comes} one="# new" other="# new" /> · <Plural value={changes} one="# changed" other="# changed" /> ·{" "}
        <Plural value={goes} one="# removed" other="# removed" />
      </p>
      )}
      <ul className={styles.plan} aria-label={t`What changes`} tabIndex={0}>
        {lines(plan).map(({ what, text }, at) => (
          <li key={at} className={what === "other" ? undefined : styles[what]}>
            {what === "comes" ? "+ " : what === "goes" ? "− " : what === "changes" ? "~ " : ""}
            <span className="visually-hidden">
              {what === "comes" ? t`new:` : what === "goes" ? t`removed:` : what === "changes" ? t`changed:` : ""}{" "}
            </span>
            <bdi>{text}</bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Outcome({ made }: { made: Provisioned }) {
  return (
    <div className={styles.stack}>
      <Plan plan={made.plan} />
      <Sentences title={<Trans>Live calls would feel</Trans>} said={made.live} />
      <Sentences title={<Trans>Does not work yet</Trans>} said={made.warnings} />
    </div>
  );
}

function Sentences({ title, said }: { title: ReactNode; said: readonly string[] }) {
  if (said.length === 0) return null;
  return (
    <div>
      <strong className={styles.label}>{title}</strong>
      <ul style={{ margin: 0, paddingInlineStart: "1.2rem" }}>
        {said.map((sentence) => (
          <li key={sentence}>
            <bdi>{sentence}</bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Secrets that were made; they are shown this once. */
export function Secrets({ made, onClose }: { made: Provisioned | null; onClose(): void }) {
  const { t } = useLingui();
  const secrets = made ? [...Object.entries(made.generated), ...Object.entries(made.webhook_secrets)] : [];
  return (
    <Dialog
      opened={secrets.length > 0}
      onClose={onClose}
      title={t`Shown this once`}
      closeOnClickOutside={false}
    >
      <div className={styles.stack}>
        <p style={{ margin: 0 }}>
          <Trans>Keep these secrets now: nobody can see them again. A new one can be set at any time.</Trans>
        </p>
        {secrets.map(([name, secret]) => (
          <Secret key={name} name={name} secret={secret} />
        ))}
        <div className={styles.buttons}>
          <Button onClick={onClose}>
            <Trans>I have kept them</Trans>
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

export function Secret({ name, secret }: { name: string; secret: string }) {
  const { t } = useLingui();
  return (
    <div>
      <span className={styles.label}>{name}</span>
      <div className={styles.row} style={{ alignItems: "center", flexWrap: "nowrap" }}>
        <code className={styles.code} style={{ flex: 1 }}>
          {secret}
        </code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy} aria-label={copied ? t`Copied the secret of ${name}` : t`Copy the secret of ${name}`}>
              {copied ? t`Copied` : t`Copy`}
            </Button>
          )}
        </CopyButton>
      </div>
    </div>
  );
}
