/** A flow as a picture, or as a list: both edit the same steps, and save like any other form. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Loader, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useState } from "react";
import { answer, api, OWN } from "~/api/client";
import { useMe } from "~/api/me";
import { may } from "~/api/session";
import { later } from "~/components/Later/Later";
import { sayProblem } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { Page } from "~/components/Page/Page";
import { GroupCard } from "../entry/Groups";
import { titleOf } from "../entry/Existing";
import { EntryForm } from "../entry/EntryForm";
import { entryPath, load, type Loaded } from "../model/call";
import type { Call } from "../model/curl";
import { type Entry, isEntry } from "../model/json";
import { forms } from "../model/schema";
import { section as sectionOf } from "../model/sections";
import { Fields } from "../parts/FieldView";
import { Remove } from "../parts/Remove";
import { StepsField } from "./StepsField";
import { TryCaller } from "./TryCaller";
import styles from "../Admin.module.css";

export const page = createLazyRoute("/inside/admin/flows/graph/$number")({ component: Flow });

const Picture = lazy(() => import("./Picture").then(({ Picture: component }) => ({ default: component })));
const Versions = later(() => import("./Versions").then((part) => part.Versions));
const LIVE_TIME = 3_000;

function Flow() {
  const { number } = page.useParams();
  const { t } = useLingui();
  const me = useMe();
  const [compared, setCompared] = useState(false);
  const asked = useQuery({
    queryKey: ["provisioning", "flows", "one", [number]],
    queryFn: () => load(entryPath("flows", [number])),
    staleTime: 0,
    refetchOnWindowFocus: false,
  });
  return (
    <Page title={titleOf([number], asked.data?.entry)}>
      <div className={styles.tools}>
        <Link to="/admin/$section" params={{ section: "flows" }} className={styles.back}>
          {t`← Flows`}
        </Link>
        <span className={styles.grow} />
        {may(me, "audit") && (
          <Button size="xs" variant="default" disabled={!asked.data} onClick={() => setCompared(true)}>
            <Trans>Earlier versions</Trans>
          </Button>
        )}
      </div>
      <Problem problem={asked.error} again={() => void asked.refetch()} />
      {asked.isPending && <Loader size="sm" aria-label={t`Loading`} />}
      {asked.data && <Form key={number} number={number} at={asked.data} compared={compared} onCompared={() => setCompared(false)} />}
    </Page>
  );
}

/** `compared`: whether its versions are looked at. */
function Form({ number, at, compared, onCompared }: { number: string; at: Loaded; compared: boolean; onCompared(): void }) {
  const { t } = useLingui();
  const go = page.useNavigate();
  const [first, setFirst] = useState(at);
  const [version, setVersion] = useState(0);
  const [remove, setRemove] = useState<Call | null>(null);
  const section = sectionOf("flows");
  const live = useQuery({
    queryKey: ["flows", number, "callers"],
    queryFn: () => answer(api.GET("/v1/domains/{domain}/flows/{number}", { params: { path: { domain: OWN, number } } })),
    refetchInterval: LIVE_TIME,
    retry: false,
  });
  if (!section) return null;
  return (
    <>
      <EntryForm
        key={version}
        section={section}
        loaded={{ key: [number], at: first }}
        onRemove={() =>
          setRemove({
            method: "DELETE",
            path: entryPath("flows", [number]),
            ...(first.tag ? { headers: { "If-Match": first.tag } } : {}),
          })
        }
        onSaved={(entry) => {
          const next = typeof entry.number === "string" ? entry.number : number;
          if (next !== number) void go({ to: "/admin/flows/graph/$number", params: { number: next } });
          // Stays here, with the tag of what was just saved.
          else
            void load(entryPath("flows", [number])).then((now) => {
              setFirst(now);
              setVersion(version + 1);
              // It is saved and on the page; only the next change will be compared with what is there.
            }, sayProblem);
        }}
      >
        {(entry, change) => (
          <>
            <Editor entry={entry} change={change} callers={live.data?.callers_by_step ?? {}} />
            <Versions
              number={number}
              steps={stepsOf(first.entry)}
              opened={compared}
              onClose={onCompared}
              onTake={(steps) => {
                change({ ...entry, steps });
                onCompared();
              }}
            />
          </>
        )}
      </EntryForm>
      <Remove
        what={titleOf([number], first.entry)}
        call={remove}
        onClose={() => setRemove(null)}
        onRemoved={() => void go({ to: "/admin/$section", params: { section: "flows" } })}
      />
      <span className="visually-hidden">{t`Flow editor`}</span>
    </>
  );
}

const stepsOf = (entry: Entry): Entry[] => (Array.isArray(entry.steps) ? entry.steps.filter(isEntry) : []);

interface EditorProps {
  entry: Entry;
  change(entry: Entry): void;
  /** Who is inside now, by step. */
  callers: Record<string, number>;
}

function Editor({ entry, change, callers }: EditorProps) {
  const { t } = useLingui();
  const [view, setView] = useState<string>("picture");
  const fields = useMemo(() => forms.sectionFields("flows"), []);
  const named = (names: string[]) => names.flatMap((name) => fields.find((field) => field.name === name) ?? []);
  const steps = stepsOf(entry);
  const stepsField = fields.find(({ name }) => name === "steps");
  const set = (next: Entry[]) => change({ ...entry, steps: next });
  if (entry.kind !== "tree" || !stepsField) {
    return (
      <GroupCard title={null}>
        <p style={{ marginTop: 0 }}>
          <Trans>Only a tree of steps has a picture. This flow has a form instead.</Trans>
        </p>
        <Button
          variant="default"
          renderRoot={(props) => (
            <Link to="/admin/$section/edit/$key" params={{ section: "flows", key: String(entry.number ?? "") }} {...props} />
          )}
        >
          <Trans>To the form</Trans>
        </Button>
      </GroupCard>
    );
  }
  return (
    <>
      <GroupCard title={null}>
        <Fields fields={named(["name", "number", "language"])} entry={entry} path={[]} onChange={change} />
      </GroupCard>
      <section className="card" aria-label={t`Steps`}>
        <div className={styles.tools} style={{ marginBottom: 12 }}>
          <SegmentedControl
            size="xs"
            aria-label={t`How the steps are shown`}
            value={view}
            onChange={setView}
            data={[
              { value: "picture", label: t`Picture` },
              { value: "list", label: t`List` },
            ]}
          />
          <span className={styles.hint}>
            <Trans>The list does all that the picture does, by keyboard alone.</Trans>
          </span>
        </div>
        {view === "list" ? (
          <StepsField
            field={stepsField}
            value={entry.steps}
            path={["steps"]}
            onChange={(next) => set(Array.isArray(next) ? next.filter(isEntry) : [])}
          />
        ) : (
          <Suspense fallback={<Loader size="sm" aria-label={t`Loading`} />}>
            <Picture steps={steps} callers={callers} onChange={set} />
          </Suspense>
        )}
      </section>
      <TryCaller entry={entry} />
      <GroupCard title={t`Tests`}>
        <Fields fields={named(["tests"])} entry={entry} path={[]} onChange={change} />
      </GroupCard>
    </>
  );
}
