/** Skills: those that somebody has, each with a level, and those that are asked for. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, NumberInput, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { type Entry, isEntry, type Json } from "../model/json";
import type { FieldProps } from "./FieldView";
import { useFault } from "./form";
import { hintOf, labelOf } from "./words";
import styles from "../Admin.module.css";

interface Skill {
  skill: string;
  level: number;
  relax_after?: number;
  relax_by?: number;
}

const number = (value: Json | undefined, other: number): number => (typeof value === "number" ? value : other);

/** Skills from a mapping of skill to level, or from a list of them. */
export function skills(value: Json | undefined): Skill[] {
  if (Array.isArray(value)) {
    return value.filter(isEntry).map((one) => ({
      skill: typeof one.skill === "string" ? one.skill : "",
      level: number(one.level, 1),
      ...(typeof one.relax_after === "number" ? { relax_after: one.relax_after } : {}),
      ...(typeof one.relax_by === "number" ? { relax_by: one.relax_by } : {}),
    }));
  }
  return isEntry(value) ? Object.entries(value).map(([skill, level]) => ({ skill, level: number(level, 1) })) : [];
}

/** As a mapping; what has no name yet is not in it. */
export function levels(list: readonly Skill[]): Entry | undefined {
  const named = list.filter(({ skill }) => skill.trim() !== "");
  return named.length > 0 ? Object.fromEntries(named.map(({ skill, level }) => [skill.trim(), level])) : undefined;
}

/** As a mapping, or as a list where a level falls in time. */
export function needs(list: readonly Skill[]): Json | undefined {
  const named = list.filter(({ skill }) => skill.trim() !== "");
  const falls = named.some(({ relax_after, relax_by }) => relax_after !== undefined || relax_by !== undefined);
  return falls ? named.map((one) => ({ ...one, skill: one.skill.trim() })) : levels(named);
}

export const LevelsField = (props: FieldProps) => <Skills {...props} store={levels} falling={false} />;
export const NeedsField = (props: FieldProps) => <Skills {...props} store={needs} falling />;

interface Props extends FieldProps {
  store(list: readonly Skill[]): Json | undefined;
  /** Levels may fall while a caller waits. */
  falling: boolean;
}

function Skills({ field, value, path, onChange, store, falling }: Props) {
  const { t } = useLingui();
  const error = useFault(path, true);
  // What has no name yet is in no entry, and still on the page.
  const [rows, setRows] = useState(() => skills(value));
  const hint = hintOf(field);

  function set(next: Skill[]) {
    setRows(next);
    onChange(store(next));
  }
  const change = (at: number, part: Partial<Skill>) =>
    set(rows.map((row, place) => (place === at ? cleaned({ ...row, ...part }) : row)));

  return (
    <div role="group" aria-label={labelOf(field)}>
      <span className={styles.label}>{labelOf(field)}</span>
      {hint && <p className={styles.hint}>{hint}</p>}
      <ul className={styles.rows}>
        {rows.map((row, at) => {
          const place = at + 1;
          return (
            <li key={at} className={styles.row} style={{ alignItems: "center" }}>
              <TextInput
                size="xs"
                style={{ flex: "2 1 8rem" }}
                aria-label={t`Skill ${place}`}
                placeholder={t`Skill`}
                maxLength={64}
                value={row.skill}
                onChange={({ currentTarget }) => change(at, { skill: currentTarget.value })}
              />
              <NumberInput
                size="xs"
                style={{ flex: "0 1 5rem" }}
                aria-label={t`Level of skill ${place}`}
                min={1}
                max={100}
                value={row.level}
                onChange={(next) => change(at, { level: typeof next === "number" ? next : 1 })}
              />
              {falling && (
                <>
                  <NumberInput
                    size="xs"
                    style={{ flex: "1 1 8rem" }}
                    aria-label={t`Skill ${place} falls after`}
                    placeholder={t`never falls`}
                    prefix={`${t`falls after`} `}
                    suffix=" s"
                    hideControls
                    value={row.relax_after ?? ""}
                    onChange={(next) => change(at, { relax_after: next === "" ? undefined : Number(next) } as Partial<Skill>)}
                  />
                  {row.relax_after !== undefined && (
                    <NumberInput
                      size="xs"
                      style={{ flex: "0 1 6rem" }}
                      aria-label={t`Skill ${place} falls by`}
                      prefix={`${t`by`} `}
                      hideControls
                      min={1}
                      value={row.relax_by ?? 1}
                      onChange={(next) => change(at, { relax_by: Number(next) || 1 })}
                    />
                  )}
                </>
              )}
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t`Remove skill ${place}`}
                onClick={() => set(rows.filter((_, other) => other !== at))}
              >
                <IconX size={16} aria-hidden="true" />
              </ActionIcon>
            </li>
          );
        })}
      </ul>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden="true" />}
        onClick={() => set([...rows, { skill: "", level: 1 }])}
      >
        <Trans>Add a skill</Trans>
      </Button>
      {error && <p className={styles.wrong}>{error}</p>}
    </div>
  );
}

function cleaned(row: Skill): Skill {
  const { relax_after, relax_by, ...rest } = row;
  return relax_after === undefined ? rest : { ...rest, relax_after, ...(relax_by === undefined ? {} : { relax_by }) };
}
