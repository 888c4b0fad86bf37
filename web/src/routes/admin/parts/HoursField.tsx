/** When a place is open, or somebody works: a week of days with slots. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { type Entry, isEntry, type Json, type Path } from "../model/json";
import { type Day, DAYS, ends, opening, spans, stored, workdays } from "../model/week";
import type { FieldProps } from "./FieldView";
import { useFault } from "./form";
import { useReferences, withValue } from "./references";
import { hintOf, labelOf } from "./words";
import styles from "../Admin.module.css";

const FIRST_SLOT = "09:00-17:00";
const NEXT_SLOT = "18:00-20:00";

export function DayField({ field, value, path, onChange }: FieldProps) {
  return <DayRow shape={field.shape} day={field.name as Day} value={value} path={path} onChange={onChange} />;
}

/** An agent's: hours by name, or a week of her own. */
export function HoursField({ field, value, path, onChange }: FieldProps) {
  const { t } = useLingui();
  const error = useFault(path);
  const references = useReferences({ shape: "Number", name: "hours" });
  const own = isEntry(value);
  const name = typeof value === "string" ? value : "";
  const kind = own ? "own" : typeof value === "string" ? "named" : "always";
  return (
    <div role="group" aria-label={labelOf(field)}>
      <span className={styles.label}>{labelOf(field)}</span>
      <p className={styles.hint}>{hintOf(field)}</p>
      <div className={styles.row} style={{ marginTop: 4 }}>
        <SegmentedControl
          size="xs"
          value={kind}
          onChange={(next) => onChange(next === "own" ? {} : next === "named" ? "" : undefined)}
          data={[
            { value: "always", label: t`Always` },
            { value: "named", label: t`Business hours` },
            { value: "own", label: t`Her own` },
          ]}
        />
        {kind === "named" && (
          <Select
            aria-label={t`Business hours`}
            placeholder={t`Choose`}
            data={withValue(references?.options ?? [], [name])}
            value={name || null}
            onChange={(next) => onChange(next ?? "")}
          />
        )}
      </div>
      {own && (
        <div className={styles.inner}>
          <Week week={value} path={path} onChange={onChange} />
        </div>
      )}
      {error && <p className={styles.wrong}>{error}</p>}
    </div>
  );
}

interface WeekProps {
  week: Entry;
  path: Path;
  onChange(week: Entry): void;
}

export function Week({ week, path, onChange }: WeekProps) {
  return (
    <div className={styles.week}>
      {DAYS.map((day) => (
        <DayRow
          key={day}
          shape="Hours"
          day={day}
          value={week[day]}
          path={[...path, day]}
          onChange={(next) => {
            const { [day]: _, ...rest } = week;
            onChange(next === undefined ? rest : { ...rest, [day]: next });
          }}
        />
      ))}
      <div>
        <Button size="xs" variant="default" onClick={() => onChange(workdays(week))}>
          <Trans>Tuesday to Friday as Monday</Trans>
        </Button>
      </div>
    </div>
  );
}

interface DayProps {
  shape: string;
  day: Day;
  value: Json | undefined;
  path: Path;
  onChange(value: Json | undefined): void;
}

function DayRow({ shape, day, value, path, onChange }: DayProps) {
  const { t } = useLingui();
  const error = useFault(path, true);
  const open = opening(value);
  const called = labelOf({ shape, name: day });
  const slots = open.kind === "slots" ? open.slots : [];
  const change = (next: string[]) => onChange(stored(next.length > 0 ? { kind: "slots", slots: next } : { kind: "closed" }));
  return (
    <div className={styles.dayRow} role="group" aria-label={called}>
      <span className={styles.dayName}>{called}</span>
      <div>
        <SegmentedControl
          size="xs"
          aria-label={called}
          value={open.kind}
          onChange={(kind) =>
            onChange(stored(kind === "all_day" ? { kind } : kind === "slots" ? { kind, slots: [FIRST_SLOT] } : { kind: "closed" }))
          }
          data={[
            { value: "closed", label: t`Closed` },
            { value: "slots", label: t`Hours` },
            { value: "all_day", label: t`All day` },
          ]}
        />
        {slots.map((slot, at) => {
          const [from, to] = ends(slot);
          const number = at + 1;
          const set = (next: string) => change(slots.map((other, place) => (place === at ? next : other)));
          return (
            <div key={at} className={styles.row} style={{ alignItems: "center", marginTop: 6 }}>
              <TextInput
                type="time"
                size="xs"
                aria-label={t`${called}, slot ${number}: from`}
                value={from}
                onChange={({ currentTarget }) => set(`${currentTarget.value}-${to}`)}
              />
              <span aria-hidden="true">–</span>
              <TextInput
                type="time"
                size="xs"
                aria-label={t`${called}, slot ${number}: to`}
                value={to}
                onChange={({ currentTarget }) => set(`${from}-${currentTarget.value}`)}
              />
              {slots.length > 1 && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t`${called}: remove slot ${number}`}
                  onClick={() => change(slots.filter((_, other) => other !== at))}
                >
                  <IconX size={16} aria-hidden="true" />
                </ActionIcon>
              )}
              {at === slots.length - 1 && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t`${called}: one more slot`}
                  onClick={() => change([...slots, NEXT_SLOT])}
                >
                  <IconPlus size={16} aria-hidden="true" />
                </ActionIcon>
              )}
            </div>
          );
        })}
        <div className={styles.strip} aria-hidden="true">
          {spans(open).map(({ from, to }, at) => (
            <span key={at} className={styles.span} style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }} />
          ))}
        </div>
        {error && <p className={styles.wrong}>{error}</p>}
      </div>
    </div>
  );
}
