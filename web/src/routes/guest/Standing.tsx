/** How the call stands, in words that are read out when they change; what went wrong, with what to do. */
import { useLingui } from "@lingui/react/macro";
import type { Ref } from "react";
import { clock } from "~/i18n/time";
import type { End } from "~/softphone/guestPort";
import type { VisitState } from "./visit";
import styles from "./guest.module.css";

interface Words {
  title: string;
  hint?: string;
}

interface Props {
  state: VisitState;
  who: string;
  box: Ref<HTMLDivElement>;
}

const GOOD_ENDS: End["why"][] = ["ended", "given_up"];

export function Standing({ state, who, box }: Props) {
  const begun = useBegun(who);
  const ended = useEnded(who);
  const { stage, end } = state;
  const words = stage === "ready" ? null : stage === "over" ? end && ended(end) : begun[stage];
  const kind = stage === "ready" ? "none" : !end ? "busy" : GOOD_ENDS.includes(end.why) ? "over" : "bad";
  return (
    <div ref={box} className={styles.standing} data-kind={kind} data-stage={stage} role="status" tabIndex={-1}>
      {words && (
        <>
          <strong>{words.title}</strong>
          {words.hint && <span>{words.hint}</span>}
        </>
      )}
    </div>
  );
}

function useBegun(who: string): Record<"asking" | "connecting" | "ringing" | "talking", Words> {
  const { t } = useLingui();
  return {
    asking: {
      title: t`Allow the microphone`,
      hint: t`Your browser asks whether this page may hear you. Without it you cannot be heard.`,
    },
    connecting: { title: t`Connecting …` },
    ringing: { title: t`It is ringing …`, hint: t`Wait until ${who} answers.` },
    talking: { title: t`You are connected` },
  };
}

function useEnded(who: string): (end: End) => Words {
  const call = useCallEnded(who);
  const microphone = useMicrophoneEnded();
  const server = useServerEnded();
  return (end) => call(end) ?? microphone(end) ?? server(end);
}

/** A call that was made, and how it went. */
function useCallEnded(who: string): (end: End) => Words | null {
  const { t } = useLingui();
  return ({ why, talked = 0 }) => {
    switch (why) {
      case "ended": {
        const time = clock(talked);
        return { title: t`The call has ended`, hint: t`You talked for ${time}.` };
      }
      case "given_up":
        return { title: t`You have hung up` };
      case "busy":
        return { title: t`${who} is on another call`, hint: t`Call again in a few minutes.` };
      case "declined":
        return { title: t`${who} cannot take your call now`, hint: t`Call again later.` };
      case "no_answer":
        return { title: t`Nobody answered`, hint: t`Call again later.` };
      case "unavailable":
        return { title: t`${who} cannot be reached now`, hint: t`Call again later.` };
      case "lost":
        return { title: t`The connection was lost`, hint: t`Check your network, then call again.` };
      default:
        return null;
    }
  };
}

/** A call that was not made, for nobody would have heard the guest. */
function useMicrophoneEnded(): (end: End) => Words | null {
  const { t } = useLingui();
  return ({ why }) => {
    switch (why) {
      case "denied":
        return {
          title: t`The microphone is not allowed`,
          hint: t`Allow it for this page: by the sign beside its address, or in the settings of the browser. Then call again.`,
        };
      case "mouthless":
        return { title: t`There is no microphone`, hint: t`Plug in a microphone or a headset, then call again.` };
      case "taken":
        return {
          title: t`The microphone cannot be used`,
          hint: t`Another program may have it. Close that, or plug the microphone in anew, then call again.`,
        };
      default:
        return null;
    }
  };
}

/** A call that the server did not make. */
function useServerEnded(): (end: End) => Words {
  const { t } = useLingui();
  return ({ why }) => {
    switch (why) {
      case "crowded":
        return { title: t`Too many calls just now`, hint: t`Wait a moment, then call again.` };
      case "overloaded":
        return { title: t`All lines are taken just now`, hint: t`Wait a moment, then call again.` };
      case "no_phones":
        return { title: t`No calls can be made here`, hint: t`Calls by browser are switched off. Ask whoever gave you the link for a phone number.` };
      case "outdated":
        return { title: t`This page is out of date`, hint: t`Reload it, then call.` };
      case "unreachable":
        return { title: t`The server does not answer`, hint: t`Check your network, then call again. Behind a company's firewall, try another network.` };
      default:
        return { title: t`The call could not be made`, hint: t`Call again. If it stays so, ask whoever gave you the link for another way.` };
    }
  };
}
