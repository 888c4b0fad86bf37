/** A field of a form, made of what the schema says of it. */
import { Trans, useLingui } from "@lingui/react/macro";
import {
  Autocomplete,
  Button,
  NumberInput,
  PasswordInput,
  Select,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { KeysField } from "../flows/KeysField";
import { SaidField } from "../flows/SaidField";
import { StepsField } from "../flows/StepsField";
import { type Entry, isEntry, type Json, type Path } from "../model/json";
import type { Field, Kind } from "../model/schema";
import { useFault } from "./form";
import { DayField, HoursField } from "./HoursField";
import { HolidaysField } from "./HolidaysField";
import { ListField, OrderedField, WordsField } from "./ListFields";
import { LevelsField, NeedsField } from "./LevelsField";
import { MembersField } from "./MembersField";
import { Ordered } from "./Ordered";
import { PlanField } from "./PlanField";
import { RawField } from "./RawField";
import { type Option, useReferences, withValue } from "./references";
import { hintOf, labelOf, optionOf, unitOf, wordsOf } from "./words";
import styles from "../Admin.module.css";

export interface FieldProps {
  field: Field;
  value: Json | undefined;
  path: Path;
  /** `undefined`: it is not set. */
  onChange(value: Json | undefined): void;
}

/** Fields that need the whole width. */
export const isWide = ({ kind, name }: Field, value: Json | undefined): boolean =>
  kind.kind === "rows" ||
  (kind.kind === "part" && isEntry(value)) ||
  kind.kind === "day" ||
  kind.kind === "raw" ||
  kind.kind === "needs" ||
  (kind.kind === "list" && kind.of.kind === "choice") ||
  name === "members";

/** Lists whose order says something. */
const ORDERED = new Set(["RingGroup.members", "Exclusive.agents", "Playlist.prompts", "Announce.prompts"]);

export function FieldView(props: FieldProps) {
  const { field } = props;
  switch (field.kind.kind) {
    case "text":
      return <TextField {...props} />;
    case "number":
      return <NumberField {...props} />;
    case "truth":
      return <TruthField {...props} />;
    case "choice":
      return <ChoiceField {...props} shape={field.kind.shape} words={field.kind.options} />;
    case "list":
      if (ORDERED.has(`${field.shape}.${field.name}`)) return <OrderedField {...props} />;
      return field.kind.of.kind === "choice" ? (
        <WordsField {...props} shape={field.kind.of.shape} words={field.kind.of.options} />
      ) : (
        <ListField {...props} />
      );
    case "plan":
      return <PlanField {...props} />;
    case "levels":
      return <LevelsField {...props} />;
    case "needs":
      return <NeedsField {...props} />;
    case "hours":
      return <HoursField {...props} />;
    case "day":
      return <DayField {...props} />;
    case "part":
      return <PartField {...props} fields={field.kind.fields} />;
    case "rows":
      if (field.kind.shape === "Member") return <MembersField {...props} fields={field.kind.fields} />;
      if (field.kind.shape === "Step") return <StepsField {...props} />;
      if (field.kind.shape === "Holiday") return <HolidaysField {...props} />;
      return <RowsField {...props} fields={field.kind.fields} />;
    case "lines":
      return <LinesField {...props} />;
    case "raw":
      if (field.shape === "Step" && field.name === "keys") return <KeysField {...props} />;
      if (field.shape === "Step" && field.name === "prompts") return <SaidField {...props} />;
      return <RawField {...props} />;
  }
}

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** What is shown where nothing is set: the default. */
function useFallback(field: Field): string | undefined {
  const { t } = useLingui();
  const { fallback } = field;
  if (fallback === undefined || fallback === null || fallback === "") return undefined;
  if (typeof fallback === "boolean") return fallback ? t`yes` : t`no`;
  return Array.isArray(fallback) ? undefined : String(fallback);
}

function TextField({ field, value, path, onChange }: FieldProps) {
  const { t } = useLingui();
  const error = useFault(path, true);
  const references = useReferences(field);
  const fallback = useFallback(field);
  const kind = field.kind.kind === "text" ? field.kind : null;
  const common = {
    label: labelOf(field),
    description: hintOf(field),
    error,
    required: field.required,
    withAsterisk: false,
  };
  if (references && !references.free) {
    return (
      <Select
        {...common}
        searchable
        clearable={!field.required}
        clearButtonProps={{ "aria-label": t`Clear` }}
        limit={100}
        nothingFoundMessage={t`Nothing found`}
        placeholder={fallback ?? (field.required ? t`Choose` : "–")}
        data={withValue(references.options, [text(value)])}
        value={text(value) || null}
        onChange={(next) => onChange(next ?? undefined)}
      />
    );
  }
  if (references) {
    return (
      <Autocomplete
        {...common}
        limit={100}
        placeholder={fallback ?? "–"}
        data={references.options.map((one) => one.value)}
        value={text(value)}
        onChange={(next) => onChange(next === "" ? undefined : next)}
      />
    );
  }
  if (kind?.secret) {
    return (
      <PasswordInput
        {...common}
        autoComplete="new-password"
        visibilityToggleButtonProps={{ "aria-label": t`Show what is typed` }}
        value={text(value)}
        onChange={({ currentTarget }) => onChange(currentTarget.value === "" ? undefined : currentTarget.value)}
      />
    );
  }
  const moment = kind?.moment;
  return (
    <TextInput
      {...common}
      type={moment === "day" ? "date" : moment === "time" ? "datetime-local" : "text"}
      maxLength={kind?.max}
      placeholder={moment ? undefined : fallback}
      autoComplete="off"
      spellCheck={false}
      dir="auto"
      value={moment === "time" ? localMoment(text(value)) : text(value)}
      onChange={({ currentTarget }) => {
        const typed = currentTarget.value;
        if (typed === "") onChange(undefined);
        else onChange(moment === "time" ? new Date(typed).toISOString() : typed);
      }}
    />
  );
}

/** A moment as the browser's own field wants it: local, without a zone. */
function localMoment(value: string): string {
  const at = new Date(value);
  if (value === "" || Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function NumberField({ field, value, path, onChange }: FieldProps) {
  const error = useFault(path, true);
  const unit = unitOf(wordsOf(field)?.unit);
  const fallback = useFallback(field);
  const kind = field.kind.kind === "number" ? field.kind : ({ kind: "number" } as Extract<Kind, { kind: "number" }>);
  return (
    <NumberInput
      label={labelOf(field)}
      description={hintOf(field)}
      error={error}
      required={field.required}
      withAsterisk={false}
      min={kind.min}
      max={kind.max}
      clampBehavior="none"
      allowDecimal={false}
      hideControls
      suffix={unit}
      placeholder={fallback === undefined ? "–" : `${fallback}${unit}`}
      value={typeof value === "number" ? value : ""}
      onChange={(next) => onChange(typeof next === "number" ? next : undefined)}
    />
  );
}

function TruthField({ field, value, path, onChange }: FieldProps) {
  const error = useFault(path, true);
  const fallback = field.fallback === true;
  return (
    <Switch
      label={labelOf(field)}
      description={hintOf(field)}
      error={error}
      checked={typeof value === "boolean" ? value : fallback}
      onChange={({ currentTarget }) => onChange(currentTarget.checked === fallback ? undefined : currentTarget.checked)}
    />
  );
}

function ChoiceField({ field, value, path, onChange, shape, words }: FieldProps & { shape: string; words: string[] }) {
  const { t } = useLingui();
  const error = useFault(path, true);
  // The schema says the default of some in its words only: "hang up unless set".
  const said = /(\w+) unless set/.exec(field.description)?.[1];
  const fallback = typeof field.fallback === "string" ? field.fallback : said && words.includes(said) ? said : undefined;
  return (
    <Select
      label={labelOf(field)}
      description={hintOf(field)}
      error={error}
      required={field.required}
      withAsterisk={false}
      clearable={!field.required}
      clearButtonProps={{ "aria-label": t`Clear` }}
      placeholder={fallback ? optionOf(shape, fallback) : field.required ? t`Choose` : "–"}
      data={withValue(
        words.map((word): Option => ({ value: word, label: optionOf(shape, word) })),
        [text(value)],
      )}
      value={text(value) || null}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}

/** Something that is there or not, with fields of its own. */
function PartField({ field, value, path, onChange, fields }: FieldProps & { fields: Field[] }) {
  const error = useFault(path);
  const set = isEntry(value);
  return (
    <div>
      <Switch
        label={labelOf(field)}
        description={hintOf(field)}
        checked={set}
        onChange={({ currentTarget }) => onChange(currentTarget.checked ? {} : undefined)}
      />
      {set && (
        <div className={styles.inner}>
          <Fields fields={fields} entry={value} path={path} onChange={onChange} />
        </div>
      )}
      {error && <p className={styles.wrong}>{error}</p>}
    </div>
  );
}

/** Names stand first; of a test, what is done before what comes of it. */
const placeOf = ({ name }: Field): number => (name === "name" ? 0 : name === "expect" ? 2 : 1);

function RowsField({ field, value, path, onChange, fields }: FieldProps & { fields: Field[] }) {
  const { t } = useLingui();
  const error = useFault(path);
  const rows = Array.isArray(value) ? value : [];
  const ordered = [...fields].sort((a, b) => placeOf(a) - placeOf(b));
  const label = labelOf(field);
  const hint = hintOf(field);
  const named = (row: Json): string => (isEntry(row) ? text(row[ordered[0]?.name ?? ""]) || label : label);
  return (
    <div>
      <span className={styles.label}>{label}</span>
      {hint && <p className={styles.hint}>{hint}</p>}
      <Ordered
        label={label}
        items={rows}
        name={named}
        onChange={(next) => onChange(next.length > 0 ? next : undefined)}
        render={(row, at) => (
          <Fields
            fields={ordered}
            entry={isEntry(row) ? row : {}}
            path={[...path, at]}
            onChange={(next) => onChange(rows.map((other, place) => (place === at ? next : other)))}
          />
        )}
      />
      <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => onChange([...rows, {}])}>
        <Trans>Add</Trans>
        <span className="visually-hidden">{t`to ${label}`}</span>
      </Button>
      {error && <p className={styles.wrong}>{error}</p>}
    </div>
  );
}

function LinesField({ field, value, path, onChange }: FieldProps) {
  const error = useFault(path, true);
  const shown = Array.isArray(value) ? value.map(String).join("\n") : text(value);
  return (
    <Textarea
      label={labelOf(field)}
      description={hintOf(field)}
      error={error}
      autosize
      minRows={2}
      maxRows={12}
      spellCheck={false}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      value={shown}
      onChange={({ currentTarget }) => onChange(currentTarget.value === "" ? undefined : currentTarget.value.split("\n"))}
    />
  );
}

interface FieldsProps {
  fields: readonly Field[];
  entry: Entry;
  path: Path;
  onChange(entry: Entry): void;
}

/** Fields of one entry, side by side where there is room. */
export function Fields({ fields, entry, path, onChange }: FieldsProps) {
  return (
    <div className={styles.fields}>
      {fields.map((field) => (
        <div key={field.name} className={isWide(field, entry[field.name]) ? styles.wide : undefined} style={{ minWidth: 0 }}>
          <FieldView
            field={field}
            value={entry[field.name]}
            path={[...path, field.name]}
            onChange={(next) => {
              const { [field.name]: _, ...rest } = entry;
              onChange(next === undefined ? rest : { ...entry, [field.name]: next });
            }}
          />
        </div>
      ))}
    </div>
  );
}
