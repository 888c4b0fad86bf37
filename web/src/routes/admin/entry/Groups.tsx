/** The fields of an entry, grouped by what people think of together. */
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useId, type ReactNode } from "react";
import type { Entry } from "../model/json";
import type { Field } from "../model/schema";
import type { Group, Section } from "../model/sections";
import { Fields } from "../parts/FieldView";
import { Week } from "../parts/HoursField";
import styles from "../Admin.module.css";

/** All fields once: those of the groups, and what is in none of them at the end. */
export function grouped(section: Section, fields: readonly Field[]): { group: Group | null; fields: Field[] }[] {
  const groups = section.groups ?? [];
  const named = groups.map((group) => ({
    group,
    fields: group.fields.flatMap((name) => fields.find((field) => field.name === name) ?? []),
  }));
  const taken = new Set(groups.flatMap((group) => group.fields));
  const rest = fields.filter(({ name }) => !taken.has(name));
  if (rest.length === 0) return named;
  return [...named, { group: groups.length > 0 ? { title: msg`Further`, fields: [] } : null, fields: rest }];
}

interface Props {
  section: Section;
  fields: readonly Field[];
  entry: Entry;
  /** It is not there yet. */
  fresh: boolean;
  onChange(entry: Entry): void;
}

export function Groups({ section, fields, entry, onChange }: Props) {
  const { i18n } = useLingui();
  return grouped(section, sorted(section, visible(section, fields, entry))).map(({ group, fields: some }) => (
    <GroupCard key={some.map(({ name }) => name).join()} title={group ? i18n._(group.title) : null}>
      {some.every(({ kind }) => kind.kind === "day") ? (
        <Week week={entry} path={[]} onChange={onChange} />
      ) : (
        <Fields fields={some} entry={entry} path={[]} onChange={onChange} />
      )}
    </GroupCard>
  ));
}

const OF_TREES = new Set(["steps", "tests", "language"]);
const OF_ALL = new Set(["number", "name", "kind"]);

/** A flow has other fields as a tree than as a way to an agent. */
export function visible(section: Section, fields: readonly Field[], entry: Entry): Field[] {
  if (section.name !== "flows") return [...fields];
  return fields.filter(({ name }) => OF_ALL.has(name) || OF_TREES.has(name) === (entry.kind === "tree"));
}

/** What it is known by stands first, then its name and what is wanted. */
function sorted(section: Section, fields: readonly Field[]): Field[] {
  const weight = (field: Field): number => {
    const at = section.key.indexOf(field.name);
    if (at >= 0) return at;
    if (field.name === "name") return 10;
    return field.required ? 20 : field.kind.kind === "truth" ? 40 : 30;
  };
  return [...fields].sort((a, b) => weight(a) - weight(b));
}

export function GroupCard({ title, children }: { title: string | null; children: ReactNode }) {
  const id = useId();
  return (
    <section className={`card ${styles.group}`} aria-labelledby={title ? id : undefined}>
      {title && (
        <h2 id={id} className={styles.groupTitle}>
          {title}
        </h2>
      )}
      {children}
    </section>
  );
}
