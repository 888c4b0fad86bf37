/** What a step says: prompts by name, and variables spoken. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Autocomplete, Button, Select, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { isEntry, type Json } from "../model/json";
import type { FieldProps } from "../parts/FieldView";
import { useFault } from "../parts/form";
import { Ordered } from "../parts/Ordered";
import { useReferences } from "../parts/references";
import { labelOf } from "../parts/words";
import styles from "../Admin.module.css";

const nameOf = (said: Json): string => (isEntry(said) ? String(Object.values(said)[0] ?? "") : String(said));

export function SaidField({ field, value, path, onChange }: FieldProps) {
  const { t } = useLingui();
  const error = useFault(path, true);
  const prompts = useReferences({ shape: "Flow", name: "greeting" });
  const said = Array.isArray(value) ? value : [];
  const label = labelOf(field);
  const set = (next: Json[]) => onChange(next.length > 0 ? next : undefined);
  const change = (at: number, next: Json) => set(said.map((other, place) => (place === at ? next : other)));
  return (
    <div role="group" aria-label={label}>
      <span className={styles.label}>{label}</span>
      <Ordered
        label={label}
        items={said}
        name={nameOf}
        onChange={set}
        render={(one, at) => {
          const place = at + 1;
          if (!isEntry(one)) {
            return (
              <Autocomplete
                size="xs"
                aria-label={t`Prompt ${place}`}
                limit={100}
                data={prompts?.options.map((option) => option.value) ?? []}
                value={String(one)}
                onChange={(next) => change(at, next)}
              />
            );
          }
          const [kind = "digits", variable] = Object.entries(one)[0] ?? [];
          return (
            <div className={styles.row}>
              <Select
                size="xs"
                style={{ flex: "1 1 8rem" }}
                aria-label={t`How variable ${place} is spoken`}
                allowDeselect={false}
                data={[
                  { value: "digits", label: t`Digit by digit` },
                  { value: "number", label: t`As a number` },
                ]}
                value={kind}
                onChange={(next) => next && change(at, { [next]: variable ?? "" })}
              />
              <TextInput
                size="xs"
                style={{ flex: "1 1 8rem" }}
                aria-label={t`Variable ${place}`}
                placeholder={t`Variable`}
                value={String(variable ?? "")}
                onChange={({ currentTarget }) => change(at, { [kind]: currentTarget.value })}
              />
            </div>
          );
        }}
      />
      <div className={styles.row}>
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden="true" />} onClick={() => set([...said, ""])}>
          <Trans>Add a prompt</Trans>
        </Button>
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden="true" />} onClick={() => set([...said, { digits: "" }])}>
          <Trans>Add a variable</Trans>
        </Button>
      </div>
      {error && <p className={styles.wrong}>{error}</p>}
    </div>
  );
}
