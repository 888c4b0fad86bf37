/** Keys for the menus of those who were called: pressed here or typed. They are kept nowhere. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import styles from "./Keypad.module.css";

const KEYS = [..."123456789*0#"];

export function Keypad({ onPress }: { onPress: (key: string) => void }) {
  const { t } = useLingui();
  return (
    <div
      className={styles.keypad}
      role="group"
      aria-label={t`Keypad`}
      onKeyDown={(event) => {
        if (event.altKey || event.ctrlKey || !KEYS.includes(event.key)) return;
        event.preventDefault();
        onPress(event.key);
      }}
    >
      <div className={styles.pad}>
        {KEYS.map((key, at) => (
          <Button key={key} variant="default" size="md" data-autofocus={at === 0} onClick={() => onPress(key)}>
            {key}
          </Button>
        ))}
      </div>
      <p className={styles.padNote}>
        <Trans>While one of these keys has the focus, you can type.</Trans>
      </p>
    </div>
  );
}
