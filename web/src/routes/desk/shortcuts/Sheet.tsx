/** All keys of the desk. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Dialog } from "~/components/Dialog/Dialog";
import { KEYS } from "./keys";
import styles from "./Shortcuts.module.css";

export function Sheet({ opened, onClose }: { opened: boolean; onClose(): void }) {
  const { t, i18n } = useLingui();
  return (
    <Dialog opened={opened} onClose={onClose} title={t`Keys of the desk`}>
      <dl className={styles.keys}>
        {Object.entries(KEYS).map(([deed, key]) => (
          <div key={deed}>
            <dt>
              {deed !== "sheet" && (
                <>
                  <kbd>Alt</kbd> +{" "}
                </>
              )}
              <kbd>{key.shown}</kbd>
            </dt>
            <dd>{i18n._(key.word)}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>Ctrl</kbd> + <kbd>K</kbd>
          </dt>
          <dd>{t`Search and commands, on every page`}</dd>
        </div>
      </dl>
      <p className={styles.note}>
        <Trans>They work everywhere on the desk, also while you type.</Trans>
      </p>
    </Dialog>
  );
}
