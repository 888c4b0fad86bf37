/** What a call was about: a word of the domain's list and notes. What is typed survives a reload, saved or not. */
import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { answer, api, list, OWN, type Schemas } from "~/api/client";
import { personOf, useMe } from "~/api/me";
import { session } from "~/api/session";
import { say, sayProblem, sayWish } from "~/components/Notice/notice";
import { type Draft, draftOf, keepDraft } from "./drafts";
import styles from "./call.module.css";

const FRESH_TIME = 5 * 60_000;
const NOTES_LENGTH_MAX = 2_000;

const LIMIT = 200;

type Disposition = Schemas["DispositionItem"];

/** Those of a queue's calls that can be chosen. */
export const fitting = (all: Disposition[], queue: string | null): Disposition[] =>
  all.filter((one) => one.enabled && (one.queues.length === 0 || (queue !== null && one.queues.includes(queue))));

/** Saves what `person` typed and chose for a call, if it is not yet. False: it could not be saved, which was said. */
export async function saveDraft(person: string, call: string): Promise<boolean> {
  const draft = draftOf(person, call);
  if (draft.saved) return true;
  if (draft.code === null) {
    if (draft.notes.trim() === "") return true;
    sayWish(i18n._(msg`Choose what the call was about: notes are kept with that. Or clear them.`));
    return false;
  }
  try {
    await answer(
      api.PUT("/v1/domains/{domain}/calls/{call}/disposition", {
        params: { path: { domain: OWN, call } },
        body: { disposition: draft.code, notes: draft.notes },
      }),
    );
    // What was typed while it was on its way is not saved yet.
    const now = draftOf(person, call);
    if (now.code === draft.code && now.notes === draft.notes) keepDraft(person, call, { ...draft, saved: true });
    return true;
  } catch (problem) {
    sayProblem(problem);
    return false;
  }
}

const dispositions = () =>
  list(api.GET("/v1/domains/{domain}/dispositions", { params: { path: { domain: OWN }, query: { limit: LIMIT } } }));

interface Props {
  call: string;
  queue: string | null;
  /** Who called, by which the notes are known later. */
  who: string;
  /** It was saved by hand. */
  onSaved?: () => void;
}

export function Notes(props: Props) {
  const { data } = useQuery({ queryKey: ["dispositions"], queryFn: dispositions, staleTime: FRESH_TIME });
  const choice = fitting(data?.items ?? [], props.queue);
  return choice.length === 0 ? null : <Form key={props.call} {...props} choice={choice} />;
}

function Form({ call, queue, who, onSaved, choice }: Props & { choice: Disposition[] }) {
  const { t } = useLingui();
  const person = personOf(useMe());
  const [draft, setDraft] = useState(() => draftOf(person, call));
  const [busy, setBusy] = useState(false);
  const change = (next: Partial<Draft>) => {
    const whole = { ...draft, saved: false, queue, who, at: Date.now(), ...next };
    keepDraft(person, call, whole);
    setDraft(whole);
  };
  useSaving(person, call);
  const save = async () => {
    setBusy(true);
    if (await saveDraft(person, call)) {
      const now = draftOf(person, call);
      setDraft(now);
      if (now.saved) {
        say(t`Saved.`);
        onSaved?.();
      }
    }
    setBusy(false);
  };
  return (
    <div className={styles.notes}>
      <NativeSelect
        label={t`What it was about`}
        data={[{ value: "", label: t`Choose` }, ...choice.map(({ code, label }) => ({ value: code, label }))]}
        value={draft.code ?? ""}
        onChange={({ currentTarget }) => change({ code: currentTarget.value || null })}
      />
      <Textarea
        label={t`Notes`}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={NOTES_LENGTH_MAX}
        value={draft.notes}
        onChange={(event) => change({ notes: event.currentTarget.value })}
      />
      <Button
        variant="default"
        disabled={draft.code === null || draft.saved}
        loading={busy}
        onClick={() => void save()}
        style={{ alignSelf: "flex-start" }}
      >
        {draft.saved ? <Trans>Saved</Trans> : <Trans>Save</Trans>}
      </Button>
    </div>
  );
}

/** The time may run out, the call be another's, the shift be over: what was chosen is not lost with the form. */
function useSaving(person: string, call: string): void {
  useEffect(() => {
    const last = async () => {
      // Without a login it waits for the next one.
      if (session.token && draftOf(person, call).code !== null) await saveDraft(person, call);
    };
    const stay = session.beforeLeave(last);
    return () => {
      stay();
      void last();
    };
  }, [person, call]);
}
