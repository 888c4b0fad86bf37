/** A prompt to be: from a file, by the microphone, or from text. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Schemas } from "~/api/client";
import { say } from "~/components/Notice/notice";
import { Pick, type Way } from "~/components/Sound/Pick";
import { domainPath, send } from "../model/call";
import type { Call } from "../model/curl";
import { ShowCall } from "../parts/ShowCall";
import { type Speech, Spoken, Trouble } from "./Spoken";
import styles from "../Admin.module.css";

type Prompt = Schemas["PromptItem"];

/** What is proposed as a language, beside those that are used. */
const COMMON = ["de", "en", "es", "fr", "it", "nl", "pl", "tr"];

interface Props {
  /** Whose sound is exchanged; null: a new one. */
  prompt: Prompt | null;
  /** Those that there are prompts in. */
  languages: string[];
  onMade(): void;
}

export function Make({ prompt, languages, onMade }: Props) {
  const { t } = useLingui();
  const [way, setWay] = useState<Way>(prompt?.text ? "text" : "file");
  const [name, setName] = useState(prompt?.name ?? "");
  const [language, setLanguage] = useState(prompt?.language ?? "");
  const [sound, setSound] = useState<Blob | null>(null);
  const [speech, setSpeech] = useState<Speech>({ text: prompt?.text ?? "", voice: prompt?.voice ?? "" });
  const tongues = useId();
  const { text, voice } = speech;
  const spoken = way === "text";
  const query = language ? `?language=${encodeURIComponent(language)}` : "";
  const path = `${domainPath("prompts", name)}${query}`;
  const call: Call = spoken
    ? { method: "PUT", path, body: { text, ...(voice ? { voice } : {}) } }
    : { method: "PUT", path, headers: { "Content-Type": sound?.type || "audio/wav" }, file: sound instanceof File ? sound.name : "recording.wav" };
  const put = useMutation({
    mutationFn: () => send(call, !spoken && sound ? { raw: sound } : {}),
    onSuccess: () => {
      say(t`It is heard from now on.`);
      onMade();
    },
  });
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        put.mutate();
      }}
    >
      <div className={styles.fields}>
        <TextInput
          label={t`Name`}
          description={t`Lower-case letters, digits and -.`}
          required
          withAsterisk={false}
          readOnly={prompt !== null}
          pattern="[a-z0-9][a-z0-9\-]{0,63}"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <TextInput
          label={t`Language`}
          description={t`As de or de-AT; the domain's if empty.`}
          readOnly={prompt !== null}
          maxLength={8}
          list={tongues}
          value={language}
          onChange={({ currentTarget }) => setLanguage(currentTarget.value)}
        />
        <datalist id={tongues}>
          {[...new Set([...languages, ...COMMON])].map((tongue) => (
            <option key={tongue} value={tongue} />
          ))}
        </datalist>
      </div>
      <Pick
        way={way}
        sound={sound}
        onWay={(next) => {
          setWay(next);
          setSound(null);
        }}
        onSound={setSound}
      />
      {spoken && <Spoken speech={speech} language={language} onChange={setSpeech} />}
      <Trouble problem={put.error} />
      <div className={styles.buttons}>
        <ShowCall call={() => call} />
        <Button type="submit" loading={put.isPending} disabled={!spoken && !sound}>
          <Trans>Save</Trans>
        </Button>
      </div>
    </form>
  );
}
