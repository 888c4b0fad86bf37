/** How old what is shown is: a mark in the head, and a banner as soon as it is not live. */
import { Trans } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { timeOfDay } from "~/i18n/time";
import { useLive, useLiveStatus } from "~/live/live";
import styles from "./LiveMark.module.css";

export function LiveMark() {
  const store = useLive();
  const { live } = useLiveStatus();
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const clock = setInterval(() => setSeconds(Math.floor(store.age() / 1000)), 1_000);
    return () => clearInterval(clock);
  }, [store]);
  return (
    <span className={styles.mark} data-live={live}>
      <span aria-hidden="true">{live ? "●" : "○"}</span>
      <span>{live ? <Trans>Live · {seconds} s</Trans> : <Trans>Connecting …</Trans>}</span>
    </span>
  );
}

/** Says that what is shown is old, since when, and that nobody has to do anything. */
export function StaleBanner() {
  const { live, known, heardAt } = useLiveStatus();
  if (live || !known || heardAt === null) return null;
  const at = timeOfDay(heardAt);
  return (
    <div className={styles.stale} role="alert">
      <Trans>
        The server has not been heard since {at}. What you see is from then; it is being reached again by itself.
      </Trans>
    </div>
  );
}
