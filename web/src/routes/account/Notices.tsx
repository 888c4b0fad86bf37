/** What the system may tell of calls while she looks elsewhere: allowed in this browser, and tried. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import { type Allowed, allowed, tell } from "~/components/Shell/notices";
import styles from "./account.module.css";

export function Notices() {
  const { t } = useLingui();
  const [may, setMay] = useState<Allowed>(allowed);
  const ask = async () => {
    await Notification.requestPermission();
    setMay(allowed());
  };
  return (
    <section className="card" aria-labelledby="notices">
      <h2 id="notices" className={styles.title}>
        <Trans>Notices of calls</Trans>
      </h2>
      <div className={styles.steps}>
        <p>
          <Trans>While you look at something else, your system tells who calls, and when the phone in this browser is lost.</Trans>
        </p>
        <State may={may} />
        {may === "default" && (
          <Button variant="default" onClick={() => void ask()}>
            <Trans>Allow them</Trans>
          </Button>
        )}
        {may === "granted" && (
          <Button variant="default" onClick={() => void tell(t`Incoming call`, t`This is how a call is told.`, "trial", () => {})}>
            <Trans>Show one</Trans>
          </Button>
        )}
      </div>
    </section>
  );
}

function State({ may }: { may: Allowed }) {
  switch (may) {
    case "granted":
      return (
        <p>
          <Trans>They are allowed in this browser. If none is seen, look at the notices in your system's settings.</Trans>
        </p>
      );
    case "denied":
      return (
        <p>
          <Trans>They are blocked. Allow them in the browser's address bar, beside the address, and load the page again.</Trans>
        </p>
      );
    case "default":
      return (
        <p>
          <Trans>They have not been allowed yet.</Trans>
        </p>
      );
    case "none":
      return (
        <p>
          <Trans>This browser has none for this address. It needs one that begins with https.</Trans>
        </p>
      );
  }
}
