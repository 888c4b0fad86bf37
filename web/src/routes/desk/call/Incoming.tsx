/** A call that rings her: who, by which queue, for how long; answer, decline, or why that is done elsewhere. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconPhone, IconPhoneOff, IconPhoneRinging } from "@tabler/icons-react";
import { useState } from "react";
import { Since } from "~/components/StateChip/StateChip";
import { usePhone } from "~/softphone/phone";
import { act, hangUp, lift } from "~/live/acts";
import type { OwnCall } from "~/live/own";
import { hint } from "../shortcuts/keys";
import { Reasons } from "../state/Reasons";
import desk from "../desk.module.css";
import { Earlier } from "./Earlier";
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
      <Earlier call={own.call} />
      <div className={styles.answers}>
        {here ? (
          <>
            <Button
              size="md"
              color="leaf"
              leftSection={<IconPhone size={20} aria-hidden="true" />}
              onClick={phone.answer}
              {...hint("answer", t`Answer`)}
            >
              <Trans>Answer</Trans>
            </Button>
            <Button
              size="md"
              color="brick"
              variant="outline"
              className={styles.decline!}
              leftSection={<IconPhoneOff size={20} aria-hidden="true" />}
              onClick={phone.end}
              {...hint("end", t`Decline`)}
            >
              <Trans>Decline</Trans>
            </Button>
            <Because extension={extension} />
          </>
        ) : (
          <Elsewhere own={own} extension={extension} />
        )}
      </div>
    </section>
  );
}

/** It rings on a phone of hers that is not in this browser: she lifts it, or it is asked to lift by itself. */
function Elsewhere({ own, extension }: { own: OwnCall; extension: string }) {
  const { t } = useLingui();
  const [asked, setAsked] = useState(false);
  const answer = async () => setAsked(await lift(own.call.id));
  return (
    <>
      <span className={styles.lift}>
        {asked ? (
          <Trans>Your phone was asked to answer. If it goes on ringing, lift it.</Trans>
        ) : (
          <Trans>Your phone is ringing.</Trans>
        )}
      </span>
      <Button
        color="leaf"
        leftSection={<IconPhone size={18} aria-hidden="true" />}
        onClick={() => void answer()}
        {...hint("answer", t`Answer`)}
      >
        <Trans>Answer</Trans>
      </Button>
      {own.outgoing ? (
        <Button variant="default" className={styles.pass!} onClick={() => void hangUp(own.call.id)}>
          <Trans>Hang up</Trans>
        </Button>
      ) : (
        <>
          <Button variant="default" className={styles.pass!} onClick={() => void act(extension, "not-ready")}>
            <Trans>Pass on and be not ready</Trans>
          </Button>
          <Because extension={extension} />
        </>
      )}
    </>
  );
}

/** Why she does not take it: the call goes on to the next one, and she is not ready for this reason. */
function Because({ extension }: { extension: string }) {
  const { t } = useLingui();
  const label = t`Pass it on, and say why`;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="md" className={styles.because!} aria-label={label} title={label}>
          <IconChevronDown size={18} aria-hidden="true" />
        </Button>
      </Menu.Target>
      <Reasons onChoose={(reason) => void act(extension, "not-ready", { reason })} />
    </Menu>
  );
}
