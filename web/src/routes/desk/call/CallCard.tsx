/** A call that she is on, or makes: who, for how long, and everything that can be done with it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import {
  IconArrowForwardUp,
  IconDialpad,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
} from "@tabler/icons-react";
import { useDisclosure } from "@mantine/hooks";
import { useEffect } from "react";
import { Keypad } from "~/components/InCall/Keypad";
import { Mute } from "~/components/InCall/Mute";
import { later } from "~/components/Later/Later";
import { Since } from "~/components/StateChip/StateChip";
import { usePhone } from "~/softphone/phone";
import { hangUp, hold, press, unhold } from "~/live/acts";
import type { OwnCall } from "~/live/own";
import { hint } from "../shortcuts/keys";
import desk from "../desk.module.css";
import { Earlier } from "./Earlier";
import { Notes } from "./Notes";
import { Learned, Party } from "./Party";
import styles from "./call.module.css";

const loadTransfer = () => import("./Transfer").then((part) => part.Transfer);
const Transfer = later(loadTransfer);

export function CallCard({ own, extension }: { own: OwnCall; extension: string }) {
  const { t } = useLingui();
  const { call } = own;
  // Fetched before it is wanted: a caller waits for it.
  useEffect(() => void loadTransfer().catch(() => {}), []);
  return (
    <section className={`${desk.card} ${styles.call}`} aria-label={t`Call in progress`} data-held={call.held}>
      <div className={styles.head}>
        <Party own={own} />
        <span className={styles.clock}>
          {own.part === "calling" && <Trans>calling</Trans>}
          {call.held && <Trans>on hold</Trans>} <Since at={own.since} />
        </span>
      </div>
      <Learned call={call} />
      <Earlier call={call} />
      <Controls own={own} extension={extension} />
      {own.part === "talking" && <Notes call={call.id} queue={call.queue ?? null} who={own.name || own.number} />}
    </section>
  );
}

function Controls({ own, extension }: { own: OwnCall; extension: string }) {
  const { t } = useLingui();
  const [keypad, pad] = useDisclosure(false);
  const [moving, move] = useDisclosure(false);
  const { call } = own;
  const talking = own.part === "talking";
  const holding = call.held ? t`Take off hold` : t`Hold`;
  return (
    <>
      <div className={styles.controls}>
        <MuteHere />
        {talking && (
          <>
            <Button
              variant="default"
              leftSection={
                call.held ? <IconPlayerPlay size={18} aria-hidden="true" /> : <IconPlayerPause size={18} aria-hidden="true" />
              }
              onClick={() => void (call.held ? unhold : hold)(call.id)}
              {...hint("hold", holding)}
            >
              {holding}
            </Button>
            <Button
              variant="default"
              aria-expanded={keypad}
              leftSection={<IconDialpad size={18} aria-hidden="true" />}
              onClick={pad.toggle}
              {...hint("keypad", t`Keypad`)}
            >
              <Trans>Keypad</Trans>
            </Button>
            <Button
              variant="default"
              leftSection={<IconArrowForwardUp size={18} aria-hidden="true" />}
              onClick={move.open}
              {...hint("transfer", t`Transfer`)}
            >
              <Trans>Transfer</Trans>
            </Button>
          </>
        )}
        <Button
          color="brick"
          leftSection={<IconPhoneOff size={18} aria-hidden="true" />}
          onClick={() => void hangUp(call.id)}
          {...hint("end", t`Hang up`)}
        >
          <Trans>Hang up</Trans>
        </Button>
      </div>
      {keypad && talking && <Keypad onPress={(key) => void press(call.id, key)} />}
      <Transfer call={call.id} extension={extension} opened={moving && talking} onClose={move.close} />
    </>
  );
}

/** Only a phone in the browser can be muted from here. */
function MuteHere() {
  const { t } = useLingui();
  const phone = usePhone();
  const call = phone.state.call;
  if (call?.state !== "talking") return null;
  return <Mute muted={call.muted} onMute={phone.mute} {...hint("mute", call.muted ? t`Unmute` : t`Mute`)} />;
}
