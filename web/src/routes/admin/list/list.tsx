/** One list of the provisioning: searched, sorted, in pages, with what can be done to several at once. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Loader, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { createLazyRoute, Link, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { may } from "~/api/session";
import { Problem } from "~/components/Notice/Problem";
import { Empty, Page } from "~/components/Page/Page";
import { useMe } from "~/api/me";
import { list, sectionPath } from "../model/call";
import type { Entry } from "../model/json";
import { type Field, forms } from "../model/schema";
import { keyOf, section as sectionOf, type Section } from "../model/sections";
import { labelOf } from "../parts/words";
import { Bulk } from "./Bulk";
import { Cell } from "./Cell";
import { NoSection } from "./NoSection";
import { Export, Import } from "./Tables";
import styles from "../Admin.module.css";

export const page = createLazyRoute("/inside/admin/$section")({ component: Listed });

const PAGE = "50";
const TYPING_TIME = 300;

function Listed() {
  const { section: name } = page.useParams();
  const section = sectionOf(name);
  return section ? <List key={name} section={section} /> : <NoSection />;
}

const idOf = (section: Section, entry: Entry): string => JSON.stringify(keyOf(section, entry));

function List({ section }: { section: Section }) {
  const { t, i18n } = useLingui();
  const me = useMe();
  const go = useNavigate();
  const { q, sort } = page.useSearch();
  // The cursors of the pages before, to go back by.
  const [cursors, setCursors] = useState<string[]>([]);
  const [chosen, setChosen] = useState<Map<string, Entry>>(new Map());
  const writes = may(me, "provisioning");
  const fields = useMemo(() => forms.sectionFields(section.name), [section]);
  const asked = useQuery({
    queryKey: ["provisioning", section.name, "list", q, sort, cursors.at(-1)],
    queryFn: () => list(sectionPath(section.name), { q, sort, limit: PAGE, cursor: cursors.at(-1) }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const items = asked.data?.items ?? [];
  const title = i18n._(section.title);
  const search = (next: { q?: string | undefined; sort?: string | undefined }) => {
    setCursors([]);
    const merged = { q, sort, ...next };
    void go({
      to: "/admin/$section",
      params: { section: section.name },
      search: { ...(merged.q ? { q: merged.q } : {}), ...(merged.sort ? { sort: merged.sort } : {}) },
      replace: true,
    });
  };
  const none = asked.isSuccess && items.length === 0 && cursors.length === 0;
  return (
    <Page
      title={title}
      actions={
        writes && (
          <Button
            leftSection={<IconPlus size={16} aria-hidden="true" />}
            renderRoot={(props) => <Link to="/admin/$section/new" params={{ section: section.name }} {...props} />}
          >
            {i18n._(section.add)}
          </Button>
        )
      }
    >
      <div className={styles.tools}>
        <Search value={q ?? ""} onSearch={(text) => search({ q: text })} />
        <Export path={sectionPath(section.name)} name={section.name} />
        {section.table && writes && <Import section={section.name} />}
        {section.name === "queues" && (
          <>
            <Export path={sectionPath("members")} name="members" label={t`Members as a table`} />
            {writes && <Import section="members" label={t`Bring in members`} />}
          </>
        )}
      </div>
      {chosen.size > 0 && (
        <Bulk section={section} chosen={[...chosen.values()]} onDone={() => setChosen(new Map())} />
      )}
      <section className="card">
        <Problem problem={asked.error} again={() => void asked.refetch()} />
        {asked.isPending && <Loader size="sm" aria-label={t`Loading`} />}
        {none && (q ? <Empty title={t`Nothing found`}>{t`Nothing here has this text. Try less of it.`}</Empty> : <Empty title={t`Nothing here yet`}>{i18n._(section.empty)}</Empty>)}
        {items.length > 0 && (
          <Table
            section={section}
            fields={fields}
            items={items}
            sort={sort}
            onSort={(next) => search({ sort: next })}
            chosen={writes ? chosen : null}
            onChoose={setChosen}
          />
        )}
        {(cursors.length > 0 || asked.data?.next) && (
          <div className={styles.pages}>
            <Button
              size="xs"
              variant="default"
              disabled={cursors.length === 0}
              onClick={() => setCursors(cursors.slice(0, -1))}
            >
              <Trans>Page before</Trans>
            </Button>
            <span className={styles.hint}>
              <Trans>Page {cursors.length + 1}</Trans>
            </span>
            <Button
              size="xs"
              variant="default"
              disabled={!asked.data?.next}
              onClick={() => asked.data?.next && setCursors([...cursors, asked.data.next])}
            >
              <Trans>Next page</Trans>
            </Button>
          </div>
        )}
      </section>
    </Page>
  );
}

function Search({ value, onSearch }: { value: string; onSearch(text: string): void }) {
  const { t } = useLingui();
  const [typed, setTyped] = useState(value);
  const later = useDebouncedCallback(onSearch, TYPING_TIME);
  return (
    <TextInput
      className={styles.grow!}
      type="search"
      aria-label={t`Search`}
      placeholder={t`Search`}
      maxLength={100}
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      value={typed}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        later(currentTarget.value);
      }}
    />
  );
}

interface TableProps {
  section: Section;
  fields: readonly Field[];
  items: readonly Entry[];
  sort: string | undefined;
  onSort(sort: string): void;
  /** By what they are known by; null: nothing can be chosen. */
  chosen: Map<string, Entry> | null;
  onChoose(chosen: Map<string, Entry>): void;
}

function Table({ section, fields, items, sort, onSort, chosen, onChoose }: TableProps) {
  const { t } = useLingui();
  const keys = section.key.flatMap((name) => fields.find((field) => field.name === name) ?? []);
  const columns = section.columns.flatMap(({ field }) => fields.find(({ name }) => name === field) ?? []);
  const title = t`Entries`;
  const all = items.every((entry) => chosen?.has(idOf(section, entry)));
  const some = items.some((entry) => chosen?.has(idOf(section, entry)));
  const choose = (entries: readonly Entry[], on: boolean) => {
    const next = new Map(chosen);
    for (const entry of entries) {
      if (on) next.set(idOf(section, entry), entry);
      else next.delete(idOf(section, entry));
    }
    onChoose(next);
  };
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={title}>
      <table className={styles.table}>
        <thead>
          <tr>
            {chosen && (
              <th className={styles.tick} scope="col">
                <Checkbox
                  size="xs"
                  aria-label={t`All of this page`}
                  checked={all}
                  indeterminate={some && !all}
                  onChange={({ currentTarget }) => choose(items, currentTarget.checked)}
                />
              </th>
            )}
            {keys.map((field, at) => (
              <Head key={field.name} by={at === 0 ? "key" : null} label={labelOf(field)} sort={sort ?? "key"} onSort={onSort} />
            ))}
            {columns.map((field) => (
              <Head
                key={field.name}
                by={field.name === "name" ? "name" : null}
                label={labelOf(field)}
                sort={sort ?? "key"}
                onSort={onSort}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((entry) => {
            const id = idOf(section, entry);
            const [key = "", second] = keyOf(section, entry);
            return (
              <tr key={id}>
                {chosen && (
                  <td className={styles.tick}>
                    <Checkbox
                      size="xs"
                      aria-label={t`Choose ${key}`}
                      checked={chosen.has(id)}
                      onChange={({ currentTarget }) => choose([entry], currentTarget.checked)}
                    />
                  </td>
                )}
                <td>
                  <Way section={section} keys={[key, second]} />
                </td>
                {keys.slice(1).map((field) => (
                  <td key={field.name}>
                    <Cell field={field} entry={entry} />
                  </td>
                ))}
                {columns.map((field) => (
                  <td key={field.name}>
                    <Cell field={field} entry={entry} />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Way({ section, keys: [key, second] }: { section: Section; keys: [string, string | undefined] }) {
  const first = <bdi>{key}</bdi>;
  if (second !== undefined) {
    return (
      <Link
        className={styles.key}
        to="/admin/$section/edit/$key/$second"
        params={{ section: section.name, key, second }}
      >
        {first}
      </Link>
    );
  }
  return (
    <Link className={styles.key} to="/admin/$section/edit/$key" params={{ section: section.name, key }}>
      {first}
    </Link>
  );
}

function Head({ by, label, sort, onSort }: { by: string | null; label: string; sort: string; onSort(sort: string): void }) {
  if (!by) return <th scope="col">{label}</th>;
  const [up, down] = [sort === by, sort === `-${by}`];
  return (
    <th scope="col" aria-sort={up ? "ascending" : down ? "descending" : "none"}>
      <button type="button" className={styles.sort} onClick={() => onSort(up ? `-${by}` : by)}>
        {label} <span aria-hidden="true">{up ? "↑" : down ? "↓" : "↕"}</span>
      </button>
    </th>
  );
}
