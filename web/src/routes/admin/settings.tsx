/** What holds for the whole domain. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Refused } from "~/api/problem";
import { say } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { Page } from "~/components/Page/Page";
import { load, type Loaded, provision, sectionPath } from "./model/call";
import type { Call } from "./model/curl";
import { type Clash, clashes, type Entry, merged, mergePatch, same } from "./model/json";
import { forms } from "./model/schema";
import { Clashes } from "./parts/Clashes";
import { FormProblem, faultsOf } from "./parts/Faults";
import { Faults } from "./parts/form";
import { Fields } from "./parts/FieldView";
import { ShowCall } from "./parts/ShowCall";
import { Why } from "./parts/Why";
import styles from "./Admin.module.css";

export const page = createLazyRoute("/inside/admin/settings")({ component: Settings });

const PATH = sectionPath("settings");

export function Settings() {
  const { t } = useLingui();
  const asked = useQuery({ queryKey: ["provisioning", "settings"], queryFn: () => load(PATH), staleTime: 0, refetchOnWindowFocus: false });
  return (
    <Page title={t`Settings`}>
      <Problem problem={asked.error} again={() => void asked.refetch()} />
      {asked.isPending && <Loader size="sm" aria-label={t`Loading`} />}
      {asked.data && <Form first={asked.data} />}
    </Page>
  );
}

/** What was loaded first stays what the form began with: another answer meanwhile takes away nothing that was typed. */
function Form({ first }: { first: Loaded }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [at, setAt] = useState(first);
  const [typed, setTyped] = useState<Entry>(at.entry);
  const [why, setWhy] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [clash, setClash] = useState<{ theirs: Loaded; found: Clash[] } | null>(null);
  const fields = useMemo(() => forms.settings(), []);
  const call = (from: Loaded = at, to: Entry = typed): Call => ({
    method: "PATCH",
    path: PATH,
    body: mergePatch(from.entry, to),
    ...(from.tag ? { headers: { "If-Match": from.tag } } : {}),
  });

  async function carefully(work: () => Promise<void>) {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (refusal) {
      setProblem(refusal);
    } finally {
      setBusy(false);
    }
  }

  const begin = (from: Loaded) => {
    setAt(from);
    setTyped(from.entry);
    setClash(null);
  };

  const save = (request: Call) =>
    carefully(async () => {
      try {
        await provision(request, { why });
      } catch (refusal) {
        if (!(refusal instanceof Refused) || refusal.kind !== "entry_changed") throw refusal;
        const theirs = await load(PATH);
        return setClash({ theirs, found: clashes(at.entry, theirs.entry, typed) });
      }
      say(t`Saved.`);
      setClash(null);
      void client.invalidateQueries({ queryKey: ["provisioning"] });
      begin(await load(PATH));
    });

  return (
    <Faults.Provider value={faultsOf(problem)}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save(call());
        }}
      >
        <section className="card">
          <Fields fields={fields} entry={typed} path={[]} onChange={setTyped} />
        </section>
        <FormProblem problem={problem} fields={fields.map(({ name }) => name)} />
        <div className={styles.save}>
          <Why value={why} onChange={setWhy} />
          <ShowCall call={() => call()} />
          <Button type="submit" loading={busy} disabled={same(at.entry, typed)}>
            <Trans>Save</Trans>
          </Button>
        </div>
      </form>
      <Clashes
        shape="Domain"
        found={clash?.found ?? null}
        onClose={() => setClash(null)}
        onTheirs={() => clash && begin(clash.theirs)}
        onMine={() => {
          if (!clash) return;
          void save(call(clash.theirs, merged(clash.theirs.entry, mergePatch(at.entry, typed))));
        }}
      />
    </Faults.Provider>
  );
}
