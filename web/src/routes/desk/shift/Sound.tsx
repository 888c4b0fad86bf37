/** Microphone, speaker and ringer: chosen apart, and tried here, before somebody calls. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { say, sayProblem } from "~/components/Notice/notice";
import {
  chooseDevice,
  chosen,
  DEFAULT_DEVICE,
  type Device,
  devices,
  type Devices,
  fallBack,
  microphone,
  type Purpose,
} from "~/softphone/devices";
import { level } from "~/softphone/level";
import { usePhone } from "~/softphone/phone";
import { Ringer } from "~/softphone/ringer";
import styles from "./shift.module.css";

export function Sound() {
  const { t } = useLingui();
  const found = useDevices(t`A device was unplugged. The system's own is used instead.`);
  const phone = usePhone();
  return (
    <div className={styles.sound}>
      <Choice purpose="microphone" label={t`Microphone`} list={found.microphones} />
      <Microphone />
      <Choice purpose="speaker" label={t`Speaker for the call`} list={found.speakers} />
      <Try purpose="speaker" />
      <Choice purpose="ringer" label={t`Speaker for the ring`} list={found.speakers} />
      <Try purpose="ringer" ringer={phone.ringer} />
    </div>
  );
}

/** What there is, as it comes and goes. */
function useDevices(gone: string): Devices {
  const [found, setFound] = useState<Devices>({ microphones: [], speakers: [] });
  useEffect(() => {
    const look = async () => {
      const next = await devices();
      if (fallBack(next).length > 0) say(gone);
      setFound(next);
    };
    void look();
    navigator.mediaDevices?.addEventListener("devicechange", look);
    return () => navigator.mediaDevices?.removeEventListener("devicechange", look);
  }, [gone]);
  return found;
}

function Choice({ purpose, label, list }: { purpose: Purpose; label: string; list: Device[] }) {
  const { t } = useLingui();
  const [device, setDevice] = useState(() => chosen(purpose));
  const nameless = (number: number) => t`Device ${number}`;
  const own = { value: DEFAULT_DEVICE, label: t`The system's own` };
  // Before the microphone was allowed, devices have neither names nor ids.
  const others = list
    .filter(({ id }) => id !== "" && id !== DEFAULT_DEVICE)
    .map(({ id, name }, at) => ({ value: id, label: name || nameless(at + 1) }));
  return (
    <NativeSelect
      label={label}
      data={[own, ...others]}
      value={others.some(({ value }) => value === device) ? device : DEFAULT_DEVICE}
      onChange={({ currentTarget }) => {
        chooseDevice(purpose, currentTarget.value);
        setDevice(currentTarget.value);
      }}
    />
  );
}

/** Shows how loud she is, as long as it is tried. */
function Microphone() {
  const { t } = useLingui();
  const [loud, setLoud] = useState<number | null>(null);
  const stop = useRef<(() => void) | null>(null);
  useEffect(() => () => stop.current?.(), []);
  const toggle = async () => {
    if (stop.current) {
      stop.current();
      stop.current = null;
      setLoud(null);
      return;
    }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: microphone() });
      stop.current = level(stream, setLoud);
    } catch {
      sayProblem(new Error(t`The microphone cannot be used. Allow it in the browser's address bar.`));
    }
  };
  return (
    <div className={styles.try}>
      <Button variant="default" onClick={() => void toggle()} aria-pressed={loud !== null}>
        {loud === null ? <Trans>Try</Trans> : <Trans>Stop</Trans>}
      </Button>
      {loud !== null && (
        <div className={styles.meter} role="img" aria-label={t`How loud you are`}>
          <div style={{ width: `${Math.round(loud * 100)}%` }} />
        </div>
      )}
    </div>
  );
}

/** Plays the ring once, on the device of a purpose. */
function Try({ purpose, ringer }: { purpose: Purpose; ringer?: Ringer }) {
  const { t } = useLingui();
  const own = useRef<Ringer | null>(null);
  const play = async () => {
    const player = ringer ?? (own.current ??= new Ringer(purpose));
    try {
      await player.unlock();
      await player.start(1);
    } catch {
      sayProblem(new Error(t`No sound can be played on this device. Choose another one.`));
    }
  };
  return (
    <div className={styles.try}>
      <Button variant="default" onClick={() => void play()}>
        <Trans>Try</Trans>
      </Button>
    </div>
  );
}
