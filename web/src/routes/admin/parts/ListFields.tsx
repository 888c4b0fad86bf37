/** Fields of several values: words of a fixed set, any texts, and lists whose order counts. */
import { useLingui } from "@lingui/react/macro";
import { MultiSelect, Select, Switch, TagsInput } from "@mantine/core";
import { useId } from "react";
import type { Json } from "../model/json";
import type { FieldProps } from "./FieldView";
import { useFault } from "./form";
import { Ordered } from "./Ordered";
import { useReferences, withValue } from "./references";
import { hintOf, labelOf, optionOf } from "./words";
import styles from "../Admin.module.css";

const texts = (value: Json | undefined): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);

/** Several words of a fixed set. */
export function WordsField({ field, value, path, onChange, shape, words }: FieldProps & { shape: string; words: string[] }) {
  const error = useFault(path, true);
  const label = useId();
  const chosen = texts(value);
  return (
    <div role="group" aria-labelledby={label} className={styles.stack}>
      <span id={label} className={styles.label}>
        {labelOf(field)}
      </span>
      {words.map((word) => (
        <Switch
          key={word}
          size="sm"
          label={optionOf(shape, word)}
          checked={chosen.includes(word)}
          onChange={({ currentTarget }) => {
            const next = words.filter((one) => (one === word ? currentTarget.checked : chosen.includes(one)));
            onChange(next.length > 0 ? next : undefined);
          }}
        />
      ))}
      {error && <p className={styles.wrong}>{error}</p>}
    </div>
  );
}

export function ListField({ field, value, path, onChange }: FieldProps) {
  const { t } = useLingui();
  const error = useFault(path, true);
  const references = useReferences(field);
  const common = {
    label: labelOf(field),
    description: hintOf(field),
    error,
    required: field.required,
    withAsterisk: false,
    value: texts(value),
    onChange: (next: string[]) => onChange(next.length > 0 ? next : undefined),
  };
  if (references && !references.free) {
    return (
      <MultiSelect
        {...common}
        searchable
        limit={100}
        nothingFoundMessage={t`Nothing found`}
        data={withValue(references.options, common.value)}
      />
    );
  }
  return <TagsInput {...common} data={references?.options.map((one) => one.value) ?? []} placeholder={t`Type and press Enter`} acceptValueOnBlur />;
}

export function OrderedField({ field, value, path, onChange }: FieldProps) {
  const { t } = useLingui();
  const error = useFault(path, true);
  const references = useReferences(field);
  const chosen = texts(value);
  const label = labelOf(field);
  const hint = hintOf(field);
  const options = withValue(references?.options ?? [], chosen);
  const called = (one: string): string => options.find((option) => option.value === one)?.label ?? one;
  return (
    <div className={styles.wide}>
      <span className={styles.label}>{label}</span>
      {hint && <p className={styles.hint}>{hint}</p>}
      <Ordered
        label={label}
        items={chosen}
        name={called}
        onChange={(next) => onChange(next.length > 0 ? next : undefined)}
        render={called}
      />
      <Select
        aria-label={t`Add to ${label}`}
        placeholder={t`Add`}
        searchable
        limit={100}
        nothingFoundMessage={t`Nothing found`}
        data={options.filter((option) => !chosen.includes(option.value))}
        value={null}
        onChange={(next) => next && onChange([...chosen, next])}
      />
      {error && <p className={styles.wrong}>{error}</p>}
    </div>
  );
}
