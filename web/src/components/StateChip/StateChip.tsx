/** A state by sign, word and colour, with its reason and for how long. */
import { useLingui } from "@lingui/react";
import { useServerNow } from "~/live/live";
import { clock } from "~/i18n/time";
import { useReasonWord } from "./reasons";
import { type State, STATES } from "./words";
import styles from "./StateChip.module.css";

interface Props {
  state: State;
  reason?: string | null | undefined;
  since?: string | undefined;
}

export function StateChip({ state, reason, since }: Props) {
  const { _ } = useLingui();
  const say = useReasonWord();
  const look = STATES[state];
  return (
    <span className={styles.chip} data-tone={look.tone}>
      <span aria-hidden="true">{look.sign}</span>
      <span className={styles.word}>
        {_(look.word)}
        {reason && state === "not_ready" ? `: ${say(reason)}` : ""}
      </span>
      {since && <Since at={since} />}
    </span>
  );
}

/** For how long something has been so; by the server's clock. */
export function Since({ at }: { at: string }) {
  const now = useServerNow();
  return <span className={styles.since}>{clock(now - Date.parse(at))}</span>;
}
