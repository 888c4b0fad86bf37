/** What each key of a menu leads to. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Select } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useContext } from "react";
import { isEntry } from "../model/json";
import type { FieldProps } from "../parts/FieldView";
import { StepNames, useFault } from "../parts/form";
import { withValue } from "../parts/references";
import { labelOf } from "../parts/words";
import styles from "../Admin.module.css";

const KEYS = [..."1234567890*#"];

export function KeysField({ field, value, path, onChange }: FieldProps) {
  const { t } = useLingui();
  const error = useFault(path, true);
  const names = useContext(StepNames);
  const keys = isEntry(value) ? value : {};
  const set = KEYS.filter((key) => keys[key] !== undefined);
  const free = KEYS.filter((key) => keys[key] === undefined);
  const label = labelOf(field);
  return (
    <div role="group" aria-label={label}>
      <span className={styles.label}>{label}</span>
      <ul className={styles.rows}>
        {set.map((key) => {
          const to = typeof keys[key] === "string" ? keys[key] : "";
          const { [key]: _, ...rest } = keys;
          return (
            <li key={key} className={styles.row} style={{ alignItems: "center", flexWrap: "nowrap" }}>
              <Select
                size="xs"
                style={{ flex: "0 0 4.5rem" }}
                aria-label={t`Key`}
                allowDeselect={false}
                data={[key, ...free]}
                value={key}
                onChange={(next) => next && onChange({ ...rest, [next]: to })}
              />
              <span aria-hidden="true">→</span>
              <Select
                size="xs"
                style={{ flex: 1 }}
                aria-label={t`Key ${key} leads to`}
                placeholder={t`Choose a step`}
                searchable
                data={withValue(
                  names.map((name) => ({ value: name, label: name })),
                  [to],
                )}
                value={to || null}
                onChange={(next) => onChange({ ...keys, [key]: next ?? "" })}
              />
              <ActionIcon variant="subtle" color="gray" aria-label={t`Remove key ${key}`} onClick={() => onChange(rest)}>
                <IconX size={16} aria-hidden="true" />
              </ActionIcon>
            </li>
          );
        })}
      </ul>
      <Button
        size="xs"
        variant="default"
        disabled={free.length === 0}
        leftSection={<IconPlus size={14} aria-hidden="true" />}
        onClick={() => onChange({ ...keys, [free[0] ?? "0"]: "" })}
      >
        <Trans>Add a key</Trans>
      </Button>
      {error && <p className={styles.wrong}>{error}</p>}
    </div>
  );
}
