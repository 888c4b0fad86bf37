/** A new entry. */
import { useLingui } from "@lingui/react/macro";
import { createLazyRoute, Link, useNavigate } from "@tanstack/react-router";
import { Page } from "~/components/Page/Page";
import type { Entry } from "../model/json";
import { keyOf, section as sectionOf, type Section } from "../model/sections";
import { NoSection } from "../list/NoSection";
import { EntryForm } from "./EntryForm";
import styles from "../Admin.module.css";

export const page = createLazyRoute("/inside/admin/$section/new")({ component: Fresh });

function Fresh() {
  const { section: name } = page.useParams();
  const section = sectionOf(name);
  return section ? <Form key={name} section={section} /> : <NoSection />;
}

/** What a new entry has from the beginning, so that it need not be thought of. */
const FIRST: Record<string, Entry> = {
  flows: { kind: "tree" },
  business_hours: Object.fromEntries(
    ["monday", "tuesday", "wednesday", "thursday", "friday"].map((day) => [day, ["09:00-17:00"]]),
  ),
};

function Form({ section }: { section: Section }) {
  const { i18n, t } = useLingui();
  const go = useNavigate();
  const many = i18n._(section.title);
  return (
    <Page title={i18n._(section.add)}>
      <Link to="/admin/$section" params={{ section: section.name }} className={styles.back}>
        {t`← ${many}`}
      </Link>
      <EntryForm
        section={section}
        first={FIRST[section.name] ?? {}}
        onSaved={(entry) => {
          const [key = "", second] = keyOf(section, entry);
          // What has more to be looked at is opened; of the rest, the list is the place to go on.
          if (section.name === "flows" && entry.kind === "tree") void go({ to: "/admin/flows/graph/$number", params: { number: key } });
          else if (section.name === "webhooks" && second === undefined) {
            void go({ to: "/admin/$section/edit/$key", params: { section: section.name, key } });
          } else void go({ to: "/admin/$section", params: { section: section.name } });
        }}
      />
    </Page>
  );
}
