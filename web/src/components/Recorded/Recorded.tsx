/** That what is said is recorded: whoever sees the call knows it, by sign and word; whoever hears the page is told. */
import { Trans } from "@lingui/react/macro";
import { IconPlayerRecordFilled } from "@tabler/icons-react";
import styles from "../StateChip/StateChip.module.css";

export function Recorded({ on }: { on: boolean }) {
  return (
    <span role="status">
      {on && (
        <span className={styles.chip} data-tone="bad">
          <IconPlayerRecordFilled size={12} aria-hidden="true" />
          <Trans>Recorded</Trans>
        </span>
      )}
    </span>
  );
}
