/** Two versions of a flow side by side: which steps came, went and changed. One of them can be had again. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Loader, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, everything, list, OWN, type Schemas } from "~/api/client";
import { Dialog } from "~/components/Dialog/Dialog";
import { Problem } from "~/components/Notice/Problem";
import { Empty } from "~/components/Page/Page";
import { region } from "~/i18n/i18n";
import { brief, type Entry, type Json } from "../model/json";
import { labelOf, optionOf } from "../parts/words";
import { isDeed } from "./steps";
import { type Difference, differences, stepsOf, type Version, versions } from "./versions";
import admin from "../Admin.module.css";
import styles from "./Versions.module.css";

interface Props {
  number: string;
  /** As saved. */
  steps: readonly Entry[];
  opened: boolean;
  onClose(): void;
  /** Puts steps into the editor; saved are they by hand. */
  onTake(steps: Entry[]): void;
}

const PAGE = 200;

export function Versions({ number, steps, opened, onClose, onTake }: Props) {
  const { t } = useLingui();
  return (
    <Dialog opened={opened} onClose={onClose} size="80rem" title={t`Versions of flow ${number}`}>
      <Inside number={number} steps={steps} onTake={onTake} />
    </Dialog>
  );
}

function Inside({ number, steps, onTake }: Pick<Props, "number" | "steps" | "onTake">) {
  const { t } = useLingui();
  const asked = useQuery({
    queryKey: ["audit", "flow", number],
    queryFn: () =>
      everything((cursor) => {
        const query = { q: number, limit: PAGE, ...(cursor ? { cursor } : {}) };
        return list(api.GET("/v1/domains/{domain}/audit", { params: { path: { domain: OWN }, query } }));
      }),
    staleTime: 0,
  });
  const found = useMemo(() => versions(number, steps, (asked.data ?? []) as Schemas["AuditItem"][]), [number, steps, asked.data]);
  if (asked.error) return <Problem problem={asked.error} again={() => void asked.refetch()} />;
  if (asked.isPending) return <Loader size="sm" aria-label={t`Loading`} />;
  if (found.length < 2) {
    return <Empty title={t`There is one version`}>{t`Every time that its steps are saved with a change there is another one.`}</Empty>;
  }
  return <Compared found={found} onTake={onTake} />;
}

function Compared({ found, onTake }: { found: Version[]; onTake: Props["onTake"] }) {
  const { t } = useLingui();
  const [left, setLeft] = useState(1);
  const [right, setRight] = useState(0);
  const [from, to] = [found[left], found[right]];
  const changes = useMemo(() => (from && to ? differences(from, to) : []), [from, to]);
  const old = from && left > 0 ? stepsOf(from) : null;
  if (!from || !to) return null;
  const count = (what: Difference["what"]) => changes.filter((one) => one.what === what).length;
  const [added, removed, changed] = [count("added"), count("removed"), count("changed")];
  return (
    <div className={admin.stack}>
      <div className={styles.choice}>
        <Choice label={t`Before`} found={found} value={left} onChange={setLeft} />
        <Choice label={t`After`} found={found} value={right} onChange={setRight} />
      </div>
      <p className={styles.sum} role="status">
        {changes.length === 0 ? t`Their steps are the same.` : t`${added} added, ${removed} removed, ${changed} changed`}
      </p>
      {changes.length > 0 && (
        <div className={admin.scroll} tabIndex={0} role="region" aria-label={t`What differs`}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t`Step`}</th>
                <th scope="col">{t`Before`}</th>
                <th scope="col">{t`After`}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map((one) => (
                <Row key={one.id} one={one} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className={admin.buttons}>
        {left > 0 && old === null && (
          <span className={admin.hint}>
            <Trans>Not all of the version on the left is known any more.</Trans>
          </span>
        )}
        <Button variant="default" disabled={!old} onClick={() => old && onTake(old)}>
          <Trans>Put the left one into the editor</Trans>
        </Button>
      </div>
    </div>
  );
}

interface ChoiceProps {
  label: string;
  found: Version[];
  value: number;
  onChange(value: number): void;
}

function Choice({ label, found, value, onChange }: ChoiceProps) {
  const { t } = useLingui();
  const name = ({ by }: Version, at: number): string => {
    if (!by) return t`Before all that is kept`;
    const when = new Date(by.at).toLocaleString(region(), { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
    const said = [when, by.who, by.reason].filter(Boolean).join(" · ");
    return at === 0 ? t`Now: ${said}` : said;
  };
  return (
    <NativeSelect
      label={label}
      value={String(value)}
      onChange={({ currentTarget }) => onChange(Number(currentTarget.value))}
      data={found.map((version, at) => ({ value: String(at), label: name(version, at) }))}
    />
  );
}

const SIGNS: Record<Difference["what"], string> = { added: "+", removed: "−", changed: "~" };

function Row({ one }: { one: Difference }) {
  return (
    <tr data-what={one.what}>
      <th scope="row">
        <span className={styles.sign} aria-hidden="true">
          {SIGNS[one.what]}
        </span>{" "}
        <bdi>{one.id}</bdi>
        <small>
          <What what={one.what} />
        </small>
      </th>
      <td>
        <Side entry={one.before} missing={one.what === "added"} fields={one.fields} />
      </td>
      <td>
        <Side entry={one.after} missing={one.what === "removed"} fields={one.fields} />
      </td>
    </tr>
  );
}

function What({ what }: { what: Difference["what"] }) {
  switch (what) {
    case "added":
      return <Trans>added</Trans>;
    case "removed":
      return <Trans>removed</Trans>;
    case "changed":
      return <Trans>changed</Trans>;
  }
}

function Side({ entry, missing, fields }: { entry: Entry | null; missing: boolean; fields: string[] }) {
  const { t } = useLingui();
  if (missing) {
    return (
      <span className={styles.none}>
        <Trans>not there</Trans>
      </span>
    );
  }
  if (!entry) {
    return (
      <span className={styles.none}>
        <Trans>not known any more</Trans>
      </span>
    );
  }
  const said = (name: string, value: Json | undefined): string => {
    if (name === "do" && isDeed(value)) return optionOf("Deed", value);
    if (typeof value === "boolean") return value ? t`yes` : t`no`;
    return brief(value);
  };
  const shown = fields.filter((name) => entry[name] !== undefined);
  if (shown.length === 0) return <span className={styles.none}>–</span>;
  return (
    <dl className={styles.fields}>
      {shown.map((name) => (
        <div key={name}>
          <dt>{labelOf({ shape: "Step", name })}</dt>
          <dd>
            <bdi>{said(name, entry[name])}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}
