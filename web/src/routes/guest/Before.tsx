/** Before a call and after it: what the guest is called, and the button; or why this browser cannot call. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { IconPhone, IconRefresh } from "@tabler/icons-react";
import { type Ref, useEffect, useState } from "react";
import { clock } from "~/i18n/time";
import type { End } from "~/softphone/guestPort";
import styles from "./guest.module.css";

/** As the server takes it. */
const NAME_MAX = 64;

interface Props {
  who: string;
  name: string;
  onName(name: string): void;
  /** How the last call ended. */
  end: End | null;
  onCall(): void;
  onReload(): void;
  button: Ref<HTMLButtonElement>;
}

export function Before({ who, name, onName, end, onCall, onReload, button }: Props) {
  const { t } = useLingui();
  const left = useLeft(end?.wait ?? 0);
  const lacking = useLacking();
  if (lacking) {
    return (
      <div className={styles.standing} data-kind="bad" role="alert">
        {lacking}
      </div>
    );
  }
  // What is missing of this page no other call brings.
  if (end?.why === "outdated") {
    return (
      <Button ref={button} size="lg" fullWidth leftSection={<IconRefresh size={22} aria-hidden="true" />} onClick={onReload}>
        <Trans>Reload the page</Trans>
      </Button>
    );
  }
  const waits = left > 0;
  return (
    <form
      className={styles.before}
      onSubmit={(event) => {
        event.preventDefault();
        if (!waits) onCall();
      }}
    >
      <TextInput
        label={t`Your name`}
        description={t`${who} sees it. You may leave it empty.`}
        autoComplete="name"
        maxLength={NAME_MAX}
        value={name}
        onChange={({ currentTarget }) => onName(currentTarget.value)}
      />
      <Button
        ref={button}
        type="submit"
        size="lg"
        color="leaf"
        fullWidth
        data-disabled={waits || undefined}
        aria-disabled={waits}
        leftSection={<IconPhone size={22} aria-hidden="true" />}
      >
        {end ? <Trans>Call again</Trans> : <Trans>Call</Trans>}
      </Button>
      {waits && (
        <p className={styles.dim}>
          <Trans>You can call again in {clock(left * 1000)}.</Trans>
        </p>
      )}
      <p className={styles.dim}>
        <Trans>You talk through this browser. It needs your microphone, and asks you for it.</Trans>
      </p>
    </form>
  );
}

/** What this browser lacks to make calls at all, and what to do. */
function useLacking(): string | null {
  const { t } = useLingui();
  // Browsers give no microphone to pages that others could have changed on their way.
  if (!navigator.mediaDevices) {
    return t`Browsers allow the microphone only on pages whose address begins with https. Ask whoever gave you the link for such a one.`;
  }
  if (typeof RTCPeerConnection === "undefined") {
    return t`This browser cannot make calls. Open the link in a current Chrome, Edge, Firefox or Safari.`;
  }
  return null;
}

/** Seconds that are left of some; they begin anew when others are given. */
function useLeft(seconds: number): number {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const until = Date.now() + seconds * 1000;
    setLeft(seconds);
    if (seconds <= 0) return;
    const timer = setInterval(() => {
      const now = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      setLeft(now);
      if (now === 0) clearInterval(timer);
    }, 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return left;
}
