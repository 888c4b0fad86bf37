/** Somebody else was faster: what they changed beside what was typed here, and which of it shall hold. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Dialog } from "~/components/Dialog/Dialog";
import { brief, type Clash } from "../model/json";
import { labelOf } from "./words";
import styles from "../Admin.module.css";

interface Props {
  shape: string;
  found: Clash[] | null;
  /** What was typed holds where both differ. */
  onMine(): void;
  /** What they saved holds; what was typed is gone. */
  onTheirs(): void;
  onClose(): void;
}

export function Clashes({ shape, found, onMine, onTheirs, onClose }: Props) {
  const { t } = useLingui();
  return (
    <Dialog
      opened={found !== null}
      onClose={onClose}
      size="xl"
      title={t`Somebody else has changed this meanwhile`}
    >
      <div className={styles.stack}>
        {found?.length === 0 ? (
          <p style={{ margin: 0 }}>
            <Trans>They have saved the same as you typed. There is nothing left to do.</Trans>
          </p>
        ) : (
          <>
            <p style={{ margin: 0 }}>
              <Trans>What you typed is still here. Look at what differs, then choose.</Trans>
            </p>
            <div className={styles.scroll} tabIndex={0} role="region" aria-label={t`What differs`}>
              <table className={styles.table}>
                <thead>
                  <tr>
                    <th scope="col">{t`Field`}</th>
                    <th scope="col">{t`Before`}</th>
                    <th scope="col">{t`Theirs`}</th>
                    <th scope="col">{t`Yours`}</th>
                  </tr>
                </thead>
                <tbody>
                  {found?.map(({ field, before, theirs, mine }) => (
                    <tr key={field}>
                      <th scope="row">{labelOf({ shape, name: field })}</th>
                      <td>
                        <bdi>{brief(before)}</bdi>
                      </td>
                      <td>
                        <bdi>{brief(theirs)}</bdi>
                      </td>
                      <td>
                        <bdi>{brief(mine)}</bdi>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
        <div className={styles.buttons}>
          <Button variant="default" onClick={onTheirs}>
            <Trans>Take theirs</Trans>
          </Button>
          <Button onClick={onMine}>
            <Trans>Save my changes over theirs</Trans>
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
