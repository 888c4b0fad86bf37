/** The form of one entry: made, changed, looked at by what it would do, and removed. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Dialog } from "~/components/Dialog/Dialog";
import { useQueryClient } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { Refused } from "~/api/problem";
import { say } from "~/components/Notice/notice";
import { entryPath, load, type Loaded, type Provisioned, provision, sectionPath } from "../model/call";
import type { Call } from "../model/curl";
import { type Clash, clashes, type Entry, merged, mergePatch, same } from "../model/json";
import { type Field, forms } from "../model/schema";
import type { Section } from "../model/sections";
import { Clashes } from "../parts/Clashes";
import { FormProblem, faultsOf } from "../parts/Faults";
import { Faults } from "../parts/form";
import { Outcome, Secrets } from "../parts/Outcome";
import { ShowCall } from "../parts/ShowCall";
import { Why } from "../parts/Why";
import { Groups } from "./Groups";
import styles from "../Admin.module.css";

interface Props {
  section: Section;
  /** What is changed; none: one is made. */
  loaded?: { key: string[]; at: Loaded };
  /** What a new one begins with. */
  first?: Entry;
  /** It was saved; with the entry as it is now. */
  onSaved(entry: Entry): void;
  onRemove?(): void;
  /** In place of the fields of some groups. */
  children?(entry: Entry, change: (entry: Entry) => void): ReactNode;
}

export function EntryForm({ section, loaded, first = {}, onSaved, onRemove, children }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [base, setBase] = useState<Loaded>(loaded?.at ?? { entry: first, tag: null });
  const [typed, setTyped] = useState<Entry>(base.entry);
  const [why, setWhy] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState<{ made: Provisioned; save: boolean } | null>(null);
  const [clash, setClash] = useState<{ theirs: Loaded; found: Clash[] } | null>(null);
  const [secrets, setSecrets] = useState<{ made: Provisioned; entry: Entry } | null>(null);
  const fields = useMemo(() => forms.sectionFields(section.name), [section]);
  const dirty = !same(base.entry, typed);

  useBlocker({
    shouldBlockFn: () => !confirm(t`What you typed is not saved. Leave all the same?`),
    enableBeforeUnload: () => dirty,
    disabled: !dirty || busy,
  });

  function call(from: Loaded = base, to: Entry = typed): Call {
    if (!loaded) return { method: "POST", path: sectionPath(section.name), body: to };
    return {
      method: "PATCH",
      path: entryPath(section.name, loaded.key),
      body: mergePatch(from.entry, to),
      ...(from.tag ? { headers: { "If-Match": from.tag } } : {}),
    };
  }

  async function carefully(work: () => Promise<void>) {
    setProblem(null);
    setBusy(true);
    try {
      await work();
    } catch (refusal) {
      if (refusal instanceof Refused && refusal.kind === "entry_changed" && loaded) await compare();
      else setProblem(refusal);
    } finally {
      setBusy(false);
    }
  }

  async function compare() {
    if (!loaded) return;
    try {
      const theirs = await load(entryPath(section.name, loaded.key));
      setClash({ theirs, found: clashes(base.entry, theirs.entry, typed) });
    } catch (refusal) {
      setProblem(refusal);
    }
  }

  /** Says what would be done; and, to save, does it at once unless somebody on a call would feel it. */
  const look = (save: boolean) =>
    carefully(async () => {
      setAsked(null);
      const made = await provision(call(), { dryRun: true });
      if (save && made.live.length === 0) await store(call(), typed);
      else setAsked({ made, save });
    });

  async function store(request: Call, entry: Entry) {
    const made = await provision(request, { why });
    setAsked(null);
    setBase({ entry, tag: null });
    setTyped(entry);
    await client.invalidateQueries({ queryKey: ["provisioning"] });
    say(loaded ? t`Saved.` : t`Added.`);
    if (Object.keys(made.generated).length + Object.keys(made.webhook_secrets).length > 0) setSecrets({ made, entry });
    else onSaved(entry);
  }

  const mine = () =>
    carefully(async () => {
      if (!clash) return;
      const { theirs } = clash;
      const entry = merged(theirs.entry, mergePatch(base.entry, typed));
      setBase(theirs);
      setTyped(entry);
      setClash(null);
      await store(call(theirs, entry), entry);
    });

  const shape = fields[0]?.shape ?? "";
  return (
    <Faults.Provider value={faultsOf(problem)}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void look(true);
        }}
      >
        {children?.(typed, setTyped) ?? (
          <Groups section={section} fields={fields} entry={typed} fresh={!loaded} onChange={setTyped} />
        )}
        <FormProblem problem={problem} fields={shown(fields)} />
        <div className={styles.save}>
          <Why value={why} onChange={setWhy} />
          <ShowCall call={() => call()} />
          <Button variant="default" disabled={busy || (!dirty && !!loaded)} onClick={() => void look(false)}>
            <Trans>What would change?</Trans>
          </Button>
          {onRemove && (
            <Button variant="default" className={styles.danger!} onClick={onRemove}>
              <Trans>Remove</Trans>
            </Button>
          )}
          <Button type="submit" loading={busy} disabled={!dirty && !!loaded}>
            {loaded ? <Trans>Save</Trans> : <Trans>Add</Trans>}
          </Button>
        </div>
      </form>
      <Dialog
        opened={asked !== null}
        onClose={() => setAsked(null)}
        size="lg"
        title={asked?.save ? t`Calls would feel this` : t`What would change`}
      >
        {asked && (
          <div className={styles.stack}>
            <Outcome made={asked.made} />
            <div className={styles.buttons}>
              <Button variant="default" onClick={() => setAsked(null)}>
                <Trans>Go on typing</Trans>
              </Button>
              <Button loading={busy} onClick={() => void carefully(() => store(call(), typed))}>
                <Trans>Save</Trans>
              </Button>
            </div>
          </div>
        )}
      </Dialog>
      <Clashes
        shape={shape}
        found={clash?.found ?? null}
        onClose={() => setClash(null)}
        onMine={() => void mine()}
        onTheirs={() => {
          if (!clash) return;
          setBase(clash.theirs);
          setTyped(clash.theirs.entry);
          setClash(null);
        }}
      />
      <Secrets
        made={secrets?.made ?? null}
        onClose={() => {
          if (secrets) onSaved(secrets.entry);
          setSecrets(null);
        }}
      />
    </Faults.Provider>
  );
}

const shown = (fields: readonly Field[]): string[] => fields.map(({ name }) => name);
