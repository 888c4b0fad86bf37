/** Where a sound comes from: a file, the microphone, or a text that the server speaks. What was chosen can be heard. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, FileButton, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { Recorder } from "./Recorder";
import { Sound } from "./Sound";
import styles from "./Sound.module.css";

export type Way = "file" | "microphone" | "text";

interface Props {
  way: Way;
  /** What was chosen or recorded. */
  sound: Blob | null;
  onWay(way: Way): void;
  onSound(sound: Blob | null): void;
}

export function Pick({ way, sound, onWay, onSound }: Props) {
  const { t } = useLingui();
  /** Counts the choices: two sounds can be alike in all that is seen of them. */
  const [choice, setChoice] = useState(0);
  const choose = (next: Blob | null) => {
    setChoice((last) => last + 1);
    onSound(next);
  };
  return (
    <>
      <SegmentedControl
        aria-label={t`Where the sound comes from`}
        value={way}
        onChange={(next) => onWay(next as Way)}
        data={[
          { value: "file", label: t`File` },
          { value: "microphone", label: t`Microphone` },
          { value: "text", label: t`Text` },
        ]}
      />
      {way === "file" && (
        <div className={styles.row}>
          <FileButton accept="audio/*,.wav,.flac,.ogg,.mp3" onChange={choose} inputProps={{ "aria-label": t`Sound file` }}>
            {(props) => (
              <Button variant="default" {...props}>
                <Trans>Choose a file</Trans>
              </Button>
            )}
          </FileButton>
          <span className={styles.hint}>
            {sound instanceof File ? <bdi>{sound.name}</bdi> : t`WAV, FLAC, Ogg Vorbis or MP3, up to 20 MiB.`}
          </span>
        </div>
      )}
      {way === "microphone" && <Recorder onRecorded={choose} />}
      {sound && way !== "text" && (
        <Sound key={choice} name={t`What will be heard`} sound={sound} load={async () => sound} />
      )}
    </>
  );
}
