/** A talk that is heard: both sides as lines, one above the other, with the place where it is. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, SegmentedControl } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconVolume, IconVolumeOff } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Line } from "~/components/Sound/Line";
import { sides } from "~/components/Sound/sides";
import { clock } from "~/i18n/time";
import { type Playback, usePlayback } from "./playback";
import styles from "./recordings.module.css";

const BARS = 200;
const FLAT: readonly number[] = Array.from({ length: BARS }, () => 0);
const SPEEDS = [1, 1.5, 2];
/** Seconds that a key goes on or back. */
const STEPS: Record<string, number> = {
  ArrowLeft: -5,
  ArrowDown: -5,
  ArrowRight: 5,
  ArrowUp: 5,
  PageDown: -30,
  PageUp: 30,
};

interface Props {
  sound: Blob;
  /** It is played as soon as it is there. */
  plays: boolean;
  /** The keyboard was where this comes. */
  focus: boolean;
  /** Who is heard on each side. */
  names: readonly [string, string];
}

export function Player({ sound, plays, focus, names }: Props) {
  const { t, i18n } = useLingui();
  const playback = usePlayback(sound, plays);
  const { playing, at, length, speed } = playback;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focus) button.current?.focus();
    // Only as it comes.
  }, []);
  return (
    <div className={styles.player}>
      {/* Without a source of nothing: that would be asked for. */}
      <audio ref={playback.audio} {...(playback.address ? { src: playback.address } : {})} {...playback.heard} />
      <Side playback={playback} side={0} name={names[0]} />
      <Lines playback={playback} sound={sound} />
      <Side playback={playback} side={1} name={names[1]} />
      {playback.broken ? (
        <p className={styles.wrong} role="alert">
          <Trans>This browser cannot play it. Download it, and hear it with another program.</Trans>
        </p>
      ) : (
        <div className={styles.row}>
          <Button
            ref={button}
            size="compact-md"
            leftSection={playing ? <IconPlayerPause size={16} aria-hidden="true" /> : <IconPlayerPlay size={16} aria-hidden="true" />}
            onClick={playback.toggle}
          >
            {playing ? <Trans>Pause</Trans> : <Trans>Play</Trans>}
          </Button>
          <span className={styles.time}>
            {clock(at * 1000)} / {clock(length * 1000)}
          </span>
          <SegmentedControl
            size="xs"
            aria-label={t`Speed`}
            value={String(speed)}
            onChange={(value) => playback.setSpeed(Number(value))}
            data={SPEEDS.map((value) => ({ value: String(value), label: `${value.toLocaleString(i18n.locale)}×` }))}
          />
        </div>
      )}
    </div>
  );
}

/** Who is on a side; a click silences him, or lets him be heard again. */
function Side({ playback, side, name }: { playback: Playback; side: 0 | 1; name: string }) {
  const { t } = useLingui();
  const silent = playback.muted[side];
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      color="gray"
      c="var(--mantine-color-text)"
      className={styles.side!}
      aria-pressed={silent}
      aria-label={t`Mute ${name}`}
      leftSection={silent ? <IconVolumeOff size={14} aria-hidden="true" /> : <IconVolume size={14} aria-hidden="true" />}
      onClick={() => playback.mute(side)}
    >
      <bdi data-silent={silent}>{name}</bdi>
    </Button>
  );
}

/** Both sides as lines. Over them lies a slider, whose thumb is the place: keys and clicks move it. */
function Lines({ playback, sound }: { playback: Playback; sound: Blob }) {
  const { t } = useLingui();
  const { begun, at, put, length, muted, seek, toggle } = playback;
  const [lines, setLines] = useState<readonly number[][] | null>(null);
  useEffect(() => {
    // Who only keeps it as a file need not wait for pictures.
    if (!begun) return;
    const looking = new AbortController();
    // What the browser cannot read it may play all the same: then there is no picture.
    sides(sound, BARS, looking.signal).then(
      (found) => found && !looking.signal.aborted && setLines(found),
      () => {},
    );
    return () => looking.abort();
  }, [sound, begun]);
  const [here, whole] = [clock(put * 1000), clock(length * 1000)];
  const press = (event: KeyboardEvent) => {
    // Those are the browser's: back to the page before, for one.
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = STEPS[event.key];
    if (step === undefined && event.key !== " ") return;
    event.preventDefault();
    if (step === undefined) toggle();
    else seek(at + step);
  };
  return (
    <div className={styles.lines} data-seen={lines !== null}>
      {([0, 1] as const).map((side) => (
        <span key={side} data-silent={muted[side]}>
          <Line bars={lines?.[side] ?? FLAT} className={styles.line} />
        </span>
      ))}
      <input
        type="range"
        className={styles.place}
        aria-label={t`Place in the talk`}
        aria-valuetext={t`${here} of ${whole}`}
        min={0}
        max={length}
        step={0.01}
        value={at}
        onChange={(event) => seek(Number(event.currentTarget.value))}
        onKeyDown={press}
      />
    </div>
  );
}
