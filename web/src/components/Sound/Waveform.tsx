/** A sound as a line: where it is loud, where it is not, and whether there is anything in it at all. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { clock } from "~/i18n/time";
import { Line } from "./Line";
import { mono, peaks } from "./wav";
import styles from "./Sound.module.css";

const BARS = 120;
/** What is never louder than this is a microphone that was muted, or hiss. */
const SILENT = 0.01;

interface Seen {
  bars: number[];
  seconds: number;
}

export function Waveform({ sound }: { sound: Blob }) {
  const { t } = useLingui();
  const [seen, setSeen] = useState<Seen | null>(null);
  useEffect(() => {
    let over = false;
    // What this browser cannot read the server may: then there is no picture.
    look(sound).then(
      (now) => !over && setSeen(now),
      () => {},
    );
    return () => {
      over = true;
    };
  }, [sound]);
  if (!seen) return null;
  const { bars, seconds } = seen;
  const length = clock(seconds * 1000);
  return (
    <>
      <Line bars={bars} label={t`The sound as a line, ${length}`} />
      {Math.max(0, ...bars) < SILENT && (
        <p className={styles.wrong} role="alert">
          <Trans>Nothing is to be heard in it. Was the microphone muted?</Trans>
        </p>
      )}
    </>
  );
}

async function look(sound: Blob): Promise<Seen> {
  const context = new AudioContext();
  try {
    const read = await context.decodeAudioData(await sound.arrayBuffer());
    const channels = Array.from({ length: read.numberOfChannels }, (_, at) => read.getChannelData(at));
    return { bars: peaks(mono(channels), BARS), seconds: read.duration };
  } finally {
    await context.close();
  }
}
