/** The steps of a flow as a list: all that its picture can do, for keyboards and screen readers too. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Collapse, Select } from "@mantine/core";
import { useState } from "react";
import { type Entry, isEntry } from "../model/json";
import type { FieldProps } from "../parts/FieldView";
import { StepNames, useFault } from "../parts/form";
import { Ordered } from "../parts/Ordered";
import { hintOf, labelOf, optionOf } from "../parts/words";
import { StepForm } from "./StepForm";
import { about, DEEDS, freshId, idOf, isDeed, reached, renamed, waysOf, without } from "./steps";
import styles from "../Admin.module.css";

export function StepsField({ field, value, path, onChange }: FieldProps) {
  const { t } = useLingui();
  const error = useFault(path);
  const steps = Array.isArray(value) ? value.filter(isEntry) : [];
  const [open, setOpen] = useState<string | null>(null);
  const seen = reached(steps);
  const label = labelOf(field);

  function change(next: Entry[]) {
    onChange(next);
  }

  return (
    <StepNames.Provider value={steps.map(idOf)}>
      <span className={styles.label}>{label}</span>
      <p className={styles.hint}>{hintOf(field)}</p>
      <Ordered
        label={label}
        items={steps}
        name={idOf}
        onChange={(next) => {
          const gone = steps.findIndex((step) => !next.includes(step));
          change(next.length < steps.length && gone >= 0 ? without(steps, gone) : next);
        }}
        render={(step, at) => (
          <StepRow
            step={step}
            at={at}
            open={open === idOf(step)}
            lost={!seen.has(idOf(step))}
            onOpen={(on) => setOpen(on ? idOf(step) : null)}
            onChange={(next) => change(steps.map((other, place) => (place === at ? next : other)))}
            onRename={(id) => {
              if (open === idOf(step)) setOpen(id);
              change(renamed(steps, at, id));
            }}
          />
        )}
      />
      <Select
        aria-label={t`Add a step`}
        placeholder={t`Add a step`}
        data={Object.keys(DEEDS).map((deed) => ({ value: deed, label: optionOf("Deed", deed) }))}
        value={null}
        onChange={(deed) => {
          if (!deed) return;
          const id = freshId(steps, deed);
          change([...steps, { id, do: deed }]);
          setOpen(id);
        }}
      />
      {error && <p className={styles.wrong}>{error}</p>}
    </StepNames.Provider>
  );
}

interface RowProps {
  step: Entry;
  at: number;
  open: boolean;
  /** No way leads here. */
  lost: boolean;
  onOpen(open: boolean): void;
  onChange(step: Entry): void;
  onRename(id: string): void;
}

function StepRow({ step, at, open, lost, onOpen, onChange, onRename }: RowProps) {
  const { t } = useLingui();
  const error = useFault(["steps", at], true);
  const id = idOf(step);
  const ways = waysOf(step).filter(({ to }) => to !== "");
  return (
    <>
      <div className={styles.row} style={{ alignItems: "center" }}>
        <span style={{ flex: "1 1 12rem" }}>
          <strong>
            <bdi>{id}</bdi>
          </strong>{" "}
          {isDeed(step.do) && optionOf("Deed", step.do)} <bdi className={styles.none}>{about(step)}</bdi>
          {ways.length > 0 && (
            <small className={styles.none}>
              {" → "}
              <bdi>{[...new Set(ways.map(({ to }) => to))].join(", ")}</bdi>
            </small>
          )}
        </span>
        {at === 0 && (
          <span className={styles.tag} data-kind="good">
            <Trans>begins</Trans>
          </span>
        )}
        {lost && at > 0 && (
          <span className={styles.tag} data-kind="busy">
            <Trans>nothing leads here</Trans>
          </span>
        )}
        <Button
          size="compact-xs"
          variant="subtle"
          aria-expanded={open}
          aria-label={open ? t`Less of step ${id}` : t`Edit step ${id}`}
          onClick={() => onOpen(!open)}
        >
          {open ? <Trans>Less</Trans> : <Trans>Edit</Trans>}
        </Button>
      </div>
      {error && !open && <p className={styles.wrong}>{error}</p>}
      <Collapse expanded={open}>
        {open && (
          <div className={styles.inner}>
            <StepForm step={step} at={at} onChange={onChange} onRename={onRename} />
          </div>
        )}
      </Collapse>
    </>
  );
}
