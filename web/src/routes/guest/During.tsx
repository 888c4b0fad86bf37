/** What can be done in a call, and what is the matter with its sound. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconDialpad, IconPhoneOff } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { DOUBLE_CLICK_TIME } from "~/components/Doing/settled";
import { Keypad } from "~/components/InCall/Keypad";
import { Mute } from "~/components/InCall/Mute";
import { clock } from "~/i18n/time";
import type { Visit, VisitState } from "./visit";
import styles from "./guest.module.css";

interface Props {
  visit: Visit;
  state: VisitState;
}

export function During({ visit, state }: Props) {
  const talking = state.stage === "talking";
  // A second click on the button that has begun the call.
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), DOUBLE_CLICK_TIME);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      {talking && state.since !== null && <Elapsed since={state.since} />}
      {talking && <Trouble state={state} />}
      {talking && <Controls visit={visit} state={state} />}
      <Button
        color="brick"
        size="lg"
        fullWidth
        leftSection={<IconPhoneOff size={22} aria-hidden="true" />}
        disabled={!settled}
        onClick={() => visit.end()}
      >
        {talking ? <Trans>Hang up</Trans> : <Trans>Cancel</Trans>}
      </Button>
    </>
  );
}

function Controls({ visit, state: { muted, silent } }: Props) {
  const [keypad, setKeypad] = useState(false);
  return (
    <>
      {!muted && !silent && <Level visit={visit} />}
      <div className={styles.controls}>
        <Mute muted={muted} onMute={(wished) => visit.mute(wished)} />
        <Button
          variant="default"
          aria-expanded={keypad}
          leftSection={<IconDialpad size={18} aria-hidden="true" />}
          onClick={() => setKeypad(!keypad)}
        >
          <Trans>Keypad</Trans>
        </Button>
      </div>
      {keypad && <Keypad onPress={(key) => visit.press(key)} />}
    </>
  );
}

/** What keeps one from hearing the other. */
function Trouble({ state: { sound, silent } }: { state: VisitState }) {
  if (sound === "well" && !silent) return null;
  return (
    <div className={styles.standing} data-kind="bad" role="alert">
      {sound === "trying" ? (
        <Trans>The sound has broken off: neither of you hears the other. It is being restored; stay on the line.</Trans>
      ) : sound === "gone" ? (
        <Trans>
          The sound does not come back: neither of you hears the other. We keep trying. Check your network; if it stays
          so, hang up and call again.
        </Trans>
      ) : (
        <Trans>
          Your microphone is gone: you are not heard. Plug it in again, or allow it beside the address of this page; you are
          heard as soon as it is there.
        </Trans>
      )}
    </div>
  );
}

function Elapsed({ since }: { since: number }) {
  const { t } = useLingui();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className={styles.elapsed} role="timer" aria-label={t`Time talked`}>
      {clock(now - since)}
    </div>
  );
}

/** How loud the microphone is: written with each frame, past React. */
function Level({ visit }: { visit: Visit }) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(
    () => visit.level((loud) => bar.current?.style.setProperty("transform", `scaleX(${loud.toFixed(2)})`)),
    [visit],
  );
  return (
    <div className={styles.level} aria-hidden="true">
      <div ref={bar} />
    </div>
  );
}
