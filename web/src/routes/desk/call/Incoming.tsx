/** A call that rings her: who, by which queue, for how long; answer, decline, or why that is done elsewhere. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconPhone, IconPhoneOff, IconPhoneRinging } from "@tabler/icons-react";
import { Since } from "~/components/StateChip/StateChip";
import { usePhone } from "~/softphone/phone";
import { act } from "../acts";
import type { OwnCall } from "../own";
import { hint } from "../shortcuts/keys";
import desk from "../desk.module.css";
import { Learned, Party } from "./Party";
import styles from "./call.module.css";

export function Incoming({ own, extension }: { own: OwnCall; extension: string }) {
  const { t } = useLingui();
  const phone = usePhone();
  const here = phone.state.call?.state === "ringing";
  return (
    <section className={`${desk.card} ${styles.incoming}`} aria-label={t`Incoming call`}>
      <div className={styles.head}>
        <IconPhoneRinging size={28} className={styles.bell!} aria-hidden="true" />
        <Party own={own} />
        <span className={styles.clock}>
          <Since at={own.since} />
        </span>
      </div>
      <Learned call={own.call} />
      <div className={styles.answers}>
        {here ? (
          <>
            <Button
              size="md"
              color="green.9"
              leftSection={<IconPhone size={20} aria-hidden="true" />}
              onClick={phone.answer}
              {...hint("answer", t`Answer`)}
            >
              <Trans>Answer</Trans>
            </Button>
            <Button
              size="md"
              color="red.9"
              variant="outline"
              className={styles.decline!}
              leftSection={<IconPhoneOff size={20} aria-hidden="true" />}
              onClick={phone.end}
              {...hint("end", t`Decline`)}
            >
              <Trans>Decline</Trans>
            </Button>
          </>
        ) : (
          <Elsewhere extension={extension} />
        )}
      </div>
    </section>
  );
}

/** It rings on a phone of hers that is not in this browser: only she can lift it. */
function Elsewhere({ extension }: { extension: string }) {
  return (
    <>
      <span className={styles.lift}>
        <Trans>Your phone is ringing. Lift it to answer.</Trans>
      </span>
      <Button variant="default" onClick={() => void act(extension, "not-ready")}>
        <Trans>Pass on and be not ready</Trans>
      </Button>
    </>
  );
}
