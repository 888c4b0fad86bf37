/** A prompt made from text: the server speaks it, and it is heard here before anybody else hears it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea, TextInput } from "@mantine/core";
import { IconVolume } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useId } from "react";
import { blob } from "~/api/client";
import { Refused } from "~/api/problem";
import { Problem } from "~/components/Notice/Problem";
import { Sound } from "~/components/Sound/Sound";
import { domainPath, send } from "../model/call";
import styles from "../Admin.module.css";

export interface Speech {
  text: string;
  voice: string;
}

interface Props {
  speech: Speech;
  /** The domain's own if empty. */
  language: string;
  onChange(speech: Speech): void;
}

/** The variants that espeak-ng has of every language. */
const VARIANTS = ["f1", "f2", "f3", "f4", "f5", "m1", "m2", "m3", "m4", "m5", "m6", "m7"];

export function Spoken({ speech, language, onChange }: Props) {
  const { t } = useLingui();
  const voices = useId();
  const { text, voice } = speech;
  const spoken = useMutation({ mutationFn: () => speak(speech, language) });
  const change = (next: Partial<Speech>) => {
    // What was heard is not this any more.
    spoken.reset();
    onChange({ ...speech, ...next });
  };
  const base = language.split("-")[0] || "en";
  return (
    <>
      <Textarea
        label={t`Text`}
        description={t`Spoken by the server, if espeak-ng is installed there.`}
        required
        withAsterisk={false}
        autosize
        minRows={2}
        maxLength={2000}
        value={text}
        onChange={({ currentTarget }) => change({ text: currentTarget.value })}
      />
      <TextInput
        label={t`Voice`}
        description={t`Of espeak-ng, as de+f3; the language's own if empty.`}
        maxLength={32}
        pattern="[A-Za-z0-9+_][A-Za-z0-9+_\-]{0,31}"
        list={voices}
        value={voice}
        onChange={({ currentTarget }) => change({ voice: currentTarget.value })}
      />
      <datalist id={voices}>
        {VARIANTS.map((variant) => (
          <option key={variant} value={`${base}+${variant}`} />
        ))}
      </datalist>
      <Button
        variant="default"
        style={{ alignSelf: "flex-start" }}
        leftSection={<IconVolume size={16} aria-hidden="true" />}
        loading={spoken.isPending}
        disabled={text.trim() === ""}
        onClick={() => spoken.mutate()}
      >
        <Trans>Have it spoken</Trans>
      </Button>
      {spoken.data && <Sound key={spoken.submittedAt} name={t`What will be heard`} load={async () => spoken.data} now />}
      <Trouble problem={spoken.error} />
    </>
  );
}

/** A server without a voice needs somebody at the server, or another way: both are said. */
export function Trouble({ problem }: { problem: unknown }) {
  if (problem instanceof Refused && problem.kind === "no_speech") {
    return (
      <div className={styles.trouble} role="alert">
        <Trans>
          This server cannot speak: espeak-ng is not installed on it. Whoever runs it installs it by{" "}
          <code>apt install espeak-ng</code>; until then record the text, or upload it as a file.
        </Trans>
      </div>
    );
  }
  return <Problem problem={problem} />;
}

/** By a prompt of its own that nothing plays, which is gone again at once: only what is kept can be spoken. */
async function speak({ text, voice }: Speech, language: string): Promise<Blob> {
  const [random] = crypto.getRandomValues(new Uint32Array(1));
  const query = language ? `?language=${encodeURIComponent(language)}` : "";
  const name = `trial-${(random ?? 0).toString(16)}`;
  const path = `${domainPath("prompts", name)}${query}`;
  await send({ method: "PUT", path, body: { text, ...(voice ? { voice } : {}) } });
  try {
    return await blob(`${domainPath("prompts", name, "audio")}${query}`);
  } finally {
    await send({ method: "DELETE", path });
  }
}
