/** What callers hear before they leave her a message: by microphone, from a file, or from text. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, blob, list, OWN } from "~/api/client";
import { Refused } from "~/api/problem";
import { withLogin } from "~/api/withLogin";
import { say } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { Pick, type Way } from "~/components/Sound/Pick";
import { Sound } from "~/components/Sound/Sound";
import styles from "./account.module.css";

const KEY = ["greeting"];
const TEXT_MAX = 2000;

const path = (mailbox: string): string => `/v1/domains/${OWN}/mailboxes/${encodeURIComponent(mailbox)}/greeting`;

/** Nothing where she has no mailbox. */
export function Greeting({ extension }: { extension: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: [...KEY, extension],
    queryFn: () =>
      list(api.GET("/v1/domains/{domain}/mailboxes", { params: { path: { domain: OWN }, query: { q: extension } } })),
    staleTime: 0,
  });
  const box = data?.items.find(({ number }) => number === extension);
  if (!box && !error) return null;
  return (
    <section className="card" aria-labelledby="greeting">
      <h2 id="greeting" className={styles.title}>
        <Trans>Your greeting</Trans>
      </h2>
      <Problem problem={error} again={() => void refetch()} />
      {box && <Form mailbox={extension} own={box.greeting} />}
    </section>
  );
}

function Form({ mailbox, own }: { mailbox: string; own: boolean }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [way, setWay] = useState<Way>("microphone");
  const [sound, setSound] = useState<Blob | null>(null);
  const [text, setText] = useState("");
  // What was heard of an old one is not this one's.
  const [changes, setChanges] = useState(0);
  const done = (word: string) => {
    say(word);
    setSound(null);
    setText("");
    setChanges((before) => before + 1);
    return client.invalidateQueries({ queryKey: KEY });
  };
  const put = useMutation({
    mutationFn: () =>
      way === "text"
        ? withLogin(path(mailbox), {
            method: "PUT",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ text }),
          })
        : withLogin(path(mailbox), { method: "PUT", headers: { "Content-Type": sound?.type || "audio/wav" }, body: sound }),
    onSuccess: () => done(t`Callers hear it from now on.`),
  });
  const remove = useMutation({
    mutationFn: () => withLogin(path(mailbox), { method: "DELETE" }),
    onSuccess: () => done(t`Callers hear the standard greeting again.`),
  });
  const ready = way === "text" ? text.trim() !== "" : sound !== null;
  return (
    <form
      className={styles.steps}
      onSubmit={(event) => {
        event.preventDefault();
        put.mutate();
      }}
    >
      <p>
        {own ? (
          <Trans>Whoever reaches your mailbox hears your own greeting.</Trans>
        ) : (
          <Trans>Whoever reaches your mailbox hears the standard greeting.</Trans>
        )}
      </p>
      {own && (
        <div className={styles.code}>
          <Sound key={changes} name={t`Your greeting`} load={() => blob(path(mailbox))} />
          <Button size="compact-sm" variant="default" loading={remove.isPending} onClick={() => remove.mutate()}>
            <Trans>Remove it</Trans>
          </Button>
        </div>
      )}
      <Pick
        way={way}
        sound={sound}
        onWay={(next) => {
          setWay(next);
          setSound(null);
        }}
        onSound={setSound}
      />
      {way === "text" && (
        <Textarea
          label={t`Text`}
          description={t`Spoken by the server. Once it is saved you can hear it here.`}
          autosize
          minRows={2}
          maxLength={TEXT_MAX}
          w="100%"
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
      )}
      <Trouble problem={put.error ?? remove.error} />
      <Button type="submit" loading={put.isPending} disabled={!ready}>
        <Trans>Save the greeting</Trans>
      </Button>
    </form>
  );
}

/** A server without a voice is nothing that she can mend. */
function Trouble({ problem }: { problem: unknown }) {
  if (problem instanceof Refused && problem.kind === "no_speech") {
    return (
      <p role="alert">
        <Trans>This server cannot speak texts. Record your greeting, or choose a file.</Trans>
      </p>
    );
  }
  return <Problem problem={problem} />;
}
