/** Days that are no working days: one date, or several in a row, once or every year. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Checkbox, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { type Entry, isEntry, type Json, type Path } from "../model/json";
import type { FieldProps } from "./FieldView";
import { useFault } from "./form";
import { labelOf } from "./words";
import styles from "../Admin.module.css";

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** One day is `date`; more than one are `from` and `to`. */
export function dated(holiday: Entry, from: string, to: string): Entry {
  const { date: _date, from: _from, to: _to, ...rest } = holiday;
  if (from === "") return rest;
  return to === "" || to === from ? { ...rest, date: from } : { ...rest, from, to };
}

export function HolidaysField({ field, value, path, onChange }: FieldProps) {
  const { t } = useLingui();
  const error = useFault(path);
  const days = Array.isArray(value) ? value.filter(isEntry) : [];
  const set = (next: Entry[]) => onChange(next.length > 0 ? next : undefined);
  return (
    <div role="group" aria-label={labelOf(field)}>
      {days.length === 0 && (
        <p className={styles.hint}>
          <Trans>None yet: closed days follow the week alone.</Trans>
        </p>
      )}
      <ul className={styles.rows} aria-label={labelOf(field)}>
        {days.map((day, at) => (
          <HolidayRow
            key={at}
            day={day}
            path={[...path, at]}
            onChange={(next) => set(days.map((other, place) => (place === at ? next : other)))}
            onRemove={() => set(days.filter((_, other) => other !== at))}
          />
        ))}
      </ul>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden="true" />}
        onClick={() => set([...days, { name: t`Holiday` }])}
      >
        <Trans>Add a holiday</Trans>
      </Button>
      {error && <p className={styles.wrong}>{error}</p>}
    </div>
  );
}

interface RowProps {
  day: Entry;
  path: Path;
  onChange(day: Entry): void;
  onRemove(): void;
}

function HolidayRow({ day, path, onChange, onRemove }: RowProps) {
  const { t } = useLingui();
  const error = useFault(path, true);
  const name = text(day.name);
  const from = text(day.date) || text(day.from);
  const to = text(day.date) || text(day.to);
  return (
    <li>
      <div className={styles.row}>
        <TextInput
          style={{ flex: "2 1 9rem" }}
          label={t`Name`}
          maxLength={64}
          value={name}
          onChange={({ currentTarget }) => onChange({ ...day, name: currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t`From`}
          value={from}
          onChange={({ currentTarget }) => onChange(dated(day, currentTarget.value, to === from ? "" : to))}
        />
        <TextInput
          type="date"
          label={t`To`}
          value={to}
          min={from}
          onChange={({ currentTarget }) => onChange(dated(day, from || currentTarget.value, currentTarget.value))}
        />
        <Checkbox
          style={{ alignSelf: "center", paddingTop: "1.25rem" }}
          label={t`Every year`}
          checked={day.yearly === true}
          onChange={({ currentTarget }) => {
            const { yearly: _, ...rest } = day;
            onChange(currentTarget.checked ? { ...rest, yearly: true } : rest);
          }}
        />
        <ActionIcon variant="subtle" color="gray" mb={4} aria-label={t`Remove ${name}`} onClick={onRemove}>
          <IconX size={16} aria-hidden="true" />
        </ActionIcon>
      </div>
      {error && <p className={styles.wrong}>{error}</p>}
    </li>
  );
}
