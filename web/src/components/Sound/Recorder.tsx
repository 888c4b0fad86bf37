/** Records a prompt with the microphone. What is recorded can be heard before anybody else hears it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconMicrophone, IconPlayerStop } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { Problem } from "~/components/Notice/Problem";
import { clock } from "~/i18n/time";
import { level } from "~/softphone/level";
import { mono, wav } from "./wav";
import styles from "./Sound.module.css";

const TICK_TIME = 250;

export function Recorder({ onRecorded }: { onRecorded(sound: Blob): void }) {
  const { t } = useLingui();
  const recorder = useRef<MediaRecorder | null>(null);
  const [loud, setLoud] = useState(0);
  const meter = useRef<() => void>(() => {});
  const [since, setSince] = useState<number | null>(null);
  const [now, setNow] = useState(0);
  const [problem, setProblem] = useState<unknown>(null);
  /** The browser asks whether it may, or opens the microphone. */
  const opening = useRef(false);
  const gone = useRef(false);

  useEffect(() => {
    if (since === null) return undefined;
    const timer = setInterval(() => setNow(Date.now()), TICK_TIME);
    return () => clearInterval(timer);
  }, [since]);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      stop();
    };
  }, []);

  function stop() {
    if (recorder.current?.state === "recording") recorder.current.stop();
  }

  async function begin() {
    if (opening.current) return;
    opening.current = true;
    setProblem(null);
    let opened: MediaStream | null = null;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      opened = stream;
      // Nobody is there any more to stop it.
      if (gone.current) return stream.getTracks().forEach((track) => track.stop());
      const parts: Blob[] = [];
      const made = new MediaRecorder(stream);
      made.addEventListener("dataavailable", ({ data }) => parts.push(data));
      made.addEventListener("stop", () => {
        // It lets the microphone go, too.
        meter.current();
        setSince(null);
        convert(new Blob(parts, { type: made.mimeType })).then(
          // Whoever went on to something else meanwhile must not find it changed.
          (sound) => gone.current || onRecorded(sound),
          setProblem,
        );
      });
      recorder.current = made;
      meter.current = level(stream, setLoud);
      made.start();
      setSince(Date.now());
      setNow(Date.now());
    } catch {
      opened?.getTracks().forEach((track) => track.stop());
      setProblem(new Error(t`The microphone cannot be used. Allow it in the browser, or upload a file instead.`));
    } finally {
      opening.current = false;
    }
  }

  return (
    <div className={styles.stack}>
      <div className={styles.row}>
        {since === null ? (
          <Button variant="default" leftSection={<IconMicrophone size={16} aria-hidden="true" />} onClick={() => void begin()}>
            <Trans>Record</Trans>
          </Button>
        ) : (
          <Button color="brick" leftSection={<IconPlayerStop size={16} aria-hidden="true" />} onClick={stop}>
            <Trans>Stop</Trans>
          </Button>
        )}
        {since !== null && <span role="timer">{clock(now - since)}</span>}
        {since !== null && (
          <div className={styles.loudness} role="img" aria-label={t`How loud you are`}>
            <div style={{ width: `${Math.round(loud * 100)}%` }} />
          </div>
        )}
      </div>
      <Problem problem={problem} />
    </div>
  );
}

/** Whatever the browser records in, as a WAV file that every server reads. */
async function convert(recorded: Blob): Promise<Blob> {
  const context = new AudioContext();
  try {
    const sound = await context.decodeAudioData(await recorded.arrayBuffer());
    const channels = Array.from({ length: sound.numberOfChannels }, (_, at) => sound.getChannelData(at));
    return wav(mono(channels), sound.sampleRate);
  } finally {
    await context.close();
  }
}
