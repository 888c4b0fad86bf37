/** A value in a table, in words. */
import { Plural, useLingui } from "@lingui/react/macro";
import { moment } from "~/i18n/time";
import { brief, type Entry, isEntry, type Json } from "../model/json";
import type { Field } from "../model/schema";
import { PLACES, placeOf } from "../parts/PlanField";
import { optionOf, unitOf, wordsOf } from "../parts/words";
import styles from "../Admin.module.css";

export function Cell({ field, entry }: { field: Field; entry: Entry }) {
  const { t } = useLingui();
  const value = entry[field.name];
  const { kind } = field;
  if (field.shape === "Agent" && field.name === "status") return <Status value={value} />;
  if (kind.kind === "plan") {
    return (
      <span className={styles.clip}>
        <PlanText plan={value} />
      </span>
    );
  }
  if (kind.kind === "rows") return <Rows value={value} />;
  const set = value ?? field.fallback;
  if (set === undefined || set === null || (Array.isArray(set) && set.length === 0)) {
    return <span className={styles.none}>–</span>;
  }
  const dim = value === undefined ? styles.none : undefined;
  switch (kind.kind) {
    case "truth":
      return <span className={dim}>{set ? t`yes` : t`no`}</span>;
    case "number":
      return <span className={dim}>{`${brief(set)}${unitOf(wordsOf(field)?.unit)}`}</span>;
    case "choice":
      return <span className={dim}>{optionOf(kind.shape, brief(set))}</span>;
    case "list":
      return (
        <bdi className={styles.clip}>
          {Array.isArray(set)
            ? set.map((one) => (kind.of.kind === "choice" ? optionOf(kind.of.shape, brief(one)) : brief(one))).join(", ")
            : brief(set)}
        </bdi>
      );
    case "text":
      if (kind.moment === "time") return <>{moment(brief(set), Date.now())}</>;
      return <bdi className={[styles.clip, dim].join(" ")}>{brief(set)}</bdi>;
    default:
      return <bdi className={styles.clip}>{brief(set)}</bdi>;
  }
}

function Status({ value }: { value: Json | undefined }) {
  const word = typeof value === "string" ? value : "active";
  const kind = word === "active" ? "good" : word === "disabled" ? "bad" : "busy";
  return (
    <span className={styles.tag} data-kind={kind}>
      {optionOf("Status", word)}
    </span>
  );
}

function Rows({ value }: { value: Json | undefined }) {
  const count = Array.isArray(value) ? value.length : 0;
  if (count === 0) return <span className={styles.none}>–</span>;
  return <Plural value={count} one="#" other="#" />;
}

/** Where a caller goes, as "Queue 8000". */
export function PlanText({ plan }: { plan: Json | undefined }) {
  const { i18n } = useLingui();
  const place = placeOf(plan);
  if (!place || !isEntry(plan)) return <span className={styles.none}>–</span>;
  const to = plan[place];
  const which = isEntry(to) ? brief(to.mailbox ?? to.message ?? "") : brief(to);
  return (
    <bdi>
      {i18n._(PLACES[place])} {which}
    </bdi>
  );
}
