/** Where a caller goes: what kind of place, and which. */
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { Autocomplete, Select, TextInput } from "@mantine/core";
import { useId } from "react";
import { type Entry, isEntry, type Json } from "../model/json";
import type { FieldProps } from "./FieldView";
import { useFault } from "./form";
import { useReferences, withValue } from "./references";
import { hintOf, labelOf } from "./words";
import styles from "../Admin.module.css";

export const PLACES = {
  queue: msg`Queue`,
  flow: msg`Flow`,
  ring_group: msg`Ring group`,
  extension: msg`Extension`,
  external: msg`Number outside`,
  voicemail: msg`Leave a message`,
  hangup: msg`End the call`,
} as const;

export type Place = keyof typeof PLACES;

const isPlace = (word: string): word is Place => word in PLACES;

/** The kind of place that a plan leads to. */
export function placeOf(plan: Json | undefined): Place | null {
  if (!isEntry(plan)) return null;
  return Object.keys(plan).find(isPlace) ?? null;
}

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");

export function PlanField({ field, value, path, onChange }: FieldProps) {
  const { t, i18n } = useLingui();
  const error = useFault(path, true);
  const label = useId();
  const place = placeOf(value);
  const plan = isEntry(value) ? value : {};
  const called = labelOf(field);
  const hint = hintOf(field);

  function choose(next: string | null) {
    if (next === null || !isPlace(next)) onChange(undefined);
    else onChange({ [next]: next === "hangup" || next === "voicemail" ? {} : "" });
  }

  return (
    <div role="group" aria-labelledby={label}>
      <span id={label} className={styles.label}>
        {called}
      </span>
      {hint && <p className={styles.hint}>{hint}</p>}
      <div className={styles.row} style={{ alignItems: "flex-start", marginTop: 4 }}>
        <Select
          aria-label={t`${called}: kind of place`}
          style={{ flex: "1 1 9rem" }}
          placeholder={field.required ? t`Choose` : "–"}
          clearable={!field.required}
          clearButtonProps={{ "aria-label": t`Clear` }}
          error={error !== undefined && place === null}
          data={Object.entries(PLACES).map(([word, said]) => ({ value: word, label: i18n._(said) }))}
          value={place}
          onChange={choose}
        />
        {place && <Target place={place} plan={plan} called={called} wrong={error !== undefined} onChange={onChange} />}
      </div>
      {error && <p className={styles.wrong}>{error}</p>}
    </div>
  );
}

interface TargetProps {
  place: Place;
  plan: Entry;
  called: string;
  wrong: boolean;
  onChange(plan: Entry): void;
}

function Target({ place, plan, called, wrong, onChange }: TargetProps) {
  const { t } = useLingui();
  const references = useReferences({ shape: "Plan", name: place });
  const grown = { flex: "1 1 11rem" };
  if (place === "hangup" || place === "voicemail") {
    const inner = isEntry(plan[place]) ? plan[place] : {};
    const change = (name: string, next: string) => {
      const { [name]: _, ...rest } = inner;
      onChange({ [place]: next === "" ? rest : { ...inner, [name]: next } });
    };
    return (
      <>
        {place === "voicemail" && <Named called={called} shape="VoicemailRow" name="mailbox" value={text(inner.mailbox)} onChange={(next) => change("mailbox", next)} />}
        <Named
          called={called}
          shape={place === "hangup" ? "HangupRow" : "VoicemailRow"}
          name="message"
          value={text(inner.message)}
          onChange={(next) => change("message", next)}
        />
      </>
    );
  }
  const value = text(plan[place]);
  if (references && !references.free) {
    return (
      <Select
        style={grown}
        aria-label={t`${called}: which`}
        placeholder={t`Which`}
        searchable
        limit={100}
        nothingFoundMessage={t`Nothing found`}
        error={wrong}
        data={withValue(references.options, [value])}
        value={value || null}
        onChange={(next) => onChange({ [place]: next ?? "" })}
      />
    );
  }
  if (references) {
    return (
      <Autocomplete
        style={grown}
        aria-label={t`${called}: which`}
        placeholder={t`Which`}
        limit={100}
        error={wrong}
        data={references.options.map((one) => one.value)}
        value={value}
        onChange={(next) => onChange({ [place]: next })}
      />
    );
  }
  return (
    <TextInput
      style={grown}
      aria-label={t`${called}: which`}
      placeholder="+49…"
      inputMode="tel"
      error={wrong}
      value={value}
      onChange={({ currentTarget }) => onChange({ [place]: currentTarget.value })}
    />
  );
}

/** A prompt or a mailbox: free text with suggestions. */
function Named({ called, shape, name, value, onChange }: { called: string; shape: string; name: string; value: string; onChange(next: string): void }) {
  const references = useReferences({ shape, name });
  const label = labelOf({ shape, name });
  return (
    <Autocomplete
      style={{ flex: "1 1 11rem" }}
      aria-label={`${called}: ${label}`}
      placeholder={label}
      limit={100}
      data={references?.options.map((one) => one.value) ?? []}
      value={value}
      onChange={onChange}
    />
  );
}
