/** An entry that is there: its form, and what else belongs to it. */
import { useLingui } from "@lingui/react/macro";
import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Problem } from "~/components/Notice/Problem";
import { Page } from "~/components/Page/Page";
import { entryPath, load, type Loaded } from "../model/call";
import type { Call } from "../model/curl";
import { brief, type Entry } from "../model/json";
import { section as sectionOf, type Section } from "../model/sections";
import { NoSection } from "../list/NoSection";
import { Remove } from "../parts/Remove";
import { EntryForm } from "./EntryForm";
import { Beside } from "./Beside";
import styles from "../Admin.module.css";

export function Existing({ section: name, keys }: { section: string; keys: string[] }) {
  const section = sectionOf(name);
  return section ? <Loading key={keys.join("/")} section={section} keys={keys} /> : <NoSection />;
}

/** What an entry is called: what it is known by, and its name. */
export function titleOf(keys: readonly string[], entry: Entry | undefined): string {
  const name = entry?.name ?? entry?.display_name;
  const key = keys.join(" · ");
  return name === undefined || name === key ? key : `${key} · ${brief(name)}`;
}

function Loading({ section, keys }: { section: Section; keys: string[] }) {
  const { t, i18n } = useLingui();
  const path = entryPath(section.name, keys);
  const asked = useQuery({ queryKey: ["provisioning", section.name, "one", keys], queryFn: () => load(path), staleTime: 0, refetchOnWindowFocus: false });
  const many = i18n._(section.title);
  return (
    <Page title={titleOf(keys, asked.data?.entry)}>
      <Link to="/admin/$section" params={{ section: section.name }} className={styles.back}>
        {t`← ${many}`}
      </Link>
      <Problem problem={asked.error} again={() => void asked.refetch()} />
      {asked.isPending && <Loader size="sm" aria-label={t`Loading`} />}
      {asked.data && <Form section={section} keys={keys} at={asked.data} />}
    </Page>
  );
}

function Form({ section, keys, at }: { section: Section; keys: string[]; at: Loaded }) {
  const go = useNavigate();
  const [remove, setRemove] = useState<Call | null>(null);
  // What was loaded first stays what the form began with: another answer meanwhile is told by its tag when it is saved.
  const [first] = useState(at);
  const list = () => void go({ to: "/admin/$section", params: { section: section.name } });
  const call: Call = {
    method: "DELETE",
    path: entryPath(section.name, keys),
    ...(first.tag ? { headers: { "If-Match": first.tag } } : {}),
  };
  return (
    <>
      <Beside section={section} keys={keys} entry={first.entry} />
      <EntryForm
        section={section}
        loaded={{ key: keys, at: first }}
        onRemove={() => setRemove(call)}
        onSaved={list}
      />
      <Remove what={titleOf(keys, first.entry)} call={remove} onClose={() => setRemove(null)} onRemoved={list} />
    </>
  );
}
