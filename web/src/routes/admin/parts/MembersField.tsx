/** Who takes a queue's calls: agents in their order, each with what differs from the others. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Collapse, Select } from "@mantine/core";
import { useState } from "react";
import { type Entry, isEntry, type Json, type Path } from "../model/json";
import type { Field } from "../model/schema";
import { type FieldProps, Fields } from "./FieldView";
import { useFault } from "./form";
import { Ordered } from "./Ordered";
import { useReferences } from "./references";
import { labelOf } from "./words";
import styles from "../Admin.module.css";

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** The members with the order that they are shown in as their `order`; the first has the default. */
export const numbered = (members: readonly Entry[]): Entry[] =>
  members.map((member, at) => {
    const { order: _, ...rest } = member;
    return at === 0 ? rest : { ...rest, order: at + 1 };
  });

/** As they are rung in order: those with the same `order` as they stand. */
export const inOrder = (members: readonly Entry[]): Entry[] =>
  [...members].sort((a, b) => orderOf(a) - orderOf(b));

const orderOf = ({ order }: Entry): number => (typeof order === "number" ? order : 1);

export function MembersField({ field, value, path, onChange, fields }: FieldProps & { fields: Field[] }) {
  const { t } = useLingui();
  const error = useFault(path);
  const references = useReferences({ shape: "Member", name: "agent" });
  const members = inOrder(Array.isArray(value) ? value.filter(isEntry) : []);
  const stored = Array.isArray(value) ? value : [];
  const label = labelOf(field);
  const called = (member: Entry): string => {
    const agent = text(member.agent);
    return references?.options.find((one) => one.value === agent)?.label ?? agent;
  };
  const taken = new Set(members.map(({ agent }) => text(agent)));
  return (
    <div>
      <span className={styles.label}>{label}</span>
      <p className={styles.hint}>
        <Trans>In order; the order counts where the queue rings in order. Drag, or use the arrow keys on a handle.</Trans>
      </p>
      {members.length === 0 && (
        <p className={styles.hint}>
          <Trans>Nobody yet: callers would wait for nobody.</Trans>
        </p>
      )}
      <Ordered
        label={label}
        items={members}
        name={called}
        onChange={(next) => onChange(next.length > 0 ? numbered(next) : undefined)}
        render={(member) => (
          <MemberRow
            member={member}
            called={called(member)}
            fields={fields}
            path={[...path, stored.indexOf(member)]}
            onChange={(next) => onChange(stored.map((other) => (other === member ? next : other)))}
          />
        )}
      />
      <Select
        aria-label={t`Add an agent to the queue`}
        placeholder={t`Add an agent`}
        searchable
        limit={100}
        nothingFoundMessage={t`Nobody found`}
        data={references?.options.filter((one) => !taken.has(one.value)) ?? []}
        value={null}
        onChange={(agent) => agent && onChange(numbered([...members, { agent }]))}
      />
      {error && <p className={styles.wrong}>{error}</p>}
    </div>
  );
}

interface RowProps {
  member: Entry;
  called: string;
  fields: Field[];
  path: Path;
  onChange(member: Entry): void;
}

function MemberRow({ member, called, fields, path, onChange }: RowProps) {
  const { t } = useLingui();
  const error = useFault(path, true);
  const [open, setOpen] = useState(false);
  const own = fields.filter(({ name }) => name !== "agent" && name !== "order");
  const said = own
    .filter(({ name }) => member[name] !== undefined)
    .map((one) => {
      const [label, value] = [labelOf(one), member[one.name]];
      return `${label}: ${typeof value === "boolean" ? (value ? t`yes` : t`no`) : String(value)}`;
    });
  return (
    <>
      <div className={styles.row} style={{ alignItems: "center" }}>
        <span style={{ flex: "1 1 10rem" }}>
          {called}
          {said.length > 0 && <small className={styles.none}> · {said.join(" · ")}</small>}
        </span>
        <Button
          size="compact-xs"
          variant="subtle"
          aria-expanded={open}
          aria-label={open ? t`Less of ${called}` : t`Settings of ${called}`}
          onClick={() => setOpen(!open)}
        >
          {open ? <Trans>Less</Trans> : <Trans>Settings</Trans>}
        </Button>
      </div>
      <Collapse expanded={open}>
        {open && (
          <div className={styles.inner}>
            <Fields fields={own} entry={member} path={path} onChange={onChange} />
          </div>
        )}
      </Collapse>
      {error && <p className={styles.wrong}>{error}</p>}
    </>
  );
}
