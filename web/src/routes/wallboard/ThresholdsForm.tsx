/** From when on figures are marked; kept in this browser. */
import { Trans, useLingui } from "@lingui/react/macro";
import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { Button, Modal, NumberInput } from "@mantine/core";
import { useState } from "react";
import { DEFAULTS, inOrder, lessIsWorse, type Measure, MEASURES, type Thresholds } from "./thresholds";
import styles from "~/styles/drawer.module.css";

const WORDS: Record<Measure, MessageDescriptor> = {
  waiting: msg`Callers waiting`,
  longest: msg`Longest wait, seconds`,
  service: msg`Service level, %`,
  abandoned: msg`Gave up, % of the offered`,
  ready: msg`Agents ready`,
};

interface Props {
  thresholds: Thresholds;
  onSave: (thresholds: Thresholds) => void;
  onClose: () => void;
}

export function ThresholdsForm({ thresholds, onSave, onClose }: Props) {
  const { t, i18n } = useLingui();
  const [draft, setDraft] = useState(thresholds);
  const wrong = MEASURES.filter((measure) => !inOrder(measure, draft[measure]));
  const set = (measure: Measure, key: "warn" | "alarm", value: string | number) =>
    setDraft((now) => ({ ...now, [measure]: { ...now[measure], [key]: Math.max(0, Number(value) || 0) } }));
  return (
    <Modal opened onClose={onClose} title={t`Thresholds`} size="lg" closeButtonProps={{ "aria-label": t`Close` }}>
      <div className={styles.parts}>
        <p>
          <Trans>A figure is marked with △ from the warning on, and with ▲ from the alarm on. Kept in this browser, for this domain.</Trans>
        </p>
        {MEASURES.map((measure) => {
          const word = i18n._(WORDS[measure]);
          const sign = lessIsWorse(measure) ? "≤" : "≥";
          return (
            <fieldset key={measure} className={styles.threshold}>
              <legend>{`${word} ${sign}`}</legend>
              <NumberInput
                size="xs"
                min={0}
                max={100_000}
                label={t`Warning`}
                value={draft[measure].warn}
                onChange={(value) => set(measure, "warn", value)}
              />
              <NumberInput
                size="xs"
                min={0}
                max={100_000}
                label={t`Alarm`}
                value={draft[measure].alarm}
                error={wrong.includes(measure) && t`It must be worse than the warning.`}
                onChange={(value) => set(measure, "alarm", value)}
              />
            </fieldset>
          );
        })}
        <div className={styles.buttons}>
          <Button disabled={wrong.length > 0} onClick={() => onSave(draft)}>
            <Trans>Save</Trans>
          </Button>
          <Button variant="default" onClick={() => setDraft(DEFAULTS)}>
            <Trans>As it was at first</Trans>
          </Button>
        </div>
      </div>
    </Modal>
  );
}
