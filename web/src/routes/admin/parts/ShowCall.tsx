/** The request that a form makes, as a line for a shell. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, CopyButton } from "@mantine/core";
import { Dialog } from "~/components/Dialog/Dialog";
import { IconTerminal2 } from "@tabler/icons-react";
import { useState } from "react";
import { type Call, curl } from "../model/curl";
import styles from "../Admin.module.css";

export function ShowCall({ call }: { call: () => Call }) {
  const { t } = useLingui();
  const [shown, setShown] = useState<string | null>(null);
  return (
    <>
      <Button
        variant="subtle"
        leftSection={<IconTerminal2 size={16} aria-hidden="true" />}
        onClick={() => setShown(curl(call(), location.origin))}
      >
        <Trans>API call</Trans>
      </Button>
      <Dialog
        opened={shown !== null}
        onClose={() => setShown(null)}
        size="lg"
        title={t`The same by a program`}
      >
        <div className={styles.stack}>
          <pre className={styles.code} tabIndex={0}>
            {shown}
          </pre>
          <p className={styles.hint}>
            <Trans>
              TOKEN is an API key with the right to change the administration. With ?dry_run=true nothing is done and the
              answer is the same.
            </Trans>
          </p>
          <div className={styles.buttons}>
            <CopyButton value={shown ?? ""}>
              {({ copied, copy }) => <Button onClick={copy}>{copied ? t`Copied` : t`Copy`}</Button>}
            </CopyButton>
          </div>
        </div>
      </Dialog>
    </>
  );
}
