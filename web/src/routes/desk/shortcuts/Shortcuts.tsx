/** Listens to the desk's keys, and shows them all on `?`. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useDisclosure } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import { Dialog } from "~/components/Dialog/Dialog";
import type { Agent } from "~/live/fold";
import { usePhone } from "~/softphone/phone";
import { act, hangUp, hold, unhold } from "../acts";
import { choices, type OwnCall } from "../own";
import { type Deed, deedOf, KEYS } from "./keys";
import styles from "./Shortcuts.module.css";

interface Props {
  agent: Agent;
  extension: string;
  own: OwnCall[];
}

export function Shortcuts({ agent, extension, own }: Props) {
  const { t, i18n } = useLingui();
  const phone = usePhone();
  const [open, sheet] = useDisclosure(false);
  const first = own[0];

  const deeds: Record<Deed, () => void> = {
    answer: () => press("answer"),
    end: () => void (phone.state.call ? phone.end() : first && (first.part !== "ringing" || first.outgoing) && hangUp(first.call.id)),
    hold: () => void (first?.part === "talking" && (first.call.held ? unhold : hold)(first.call.id)),
    mute: () => phone.mute(!phone.state.call?.muted),
    transfer: () => press("transfer"),
    keypad: () => press("keypad"),
    // In wrap-up the button saves first what was noted.
    ready: () => (agent.state === "wrap_up" ? press("ready") : void (choices(agent.queues).ready && act(extension, "ready"))),
    notReady: () => press("notReady"),
    dial: () => document.querySelector<HTMLInputElement>("[data-dial]")?.focus(),
    sheet: sheet.toggle,
  };
  // One listener for as long as the desk is there, with what the deeds are now.
  const now = useRef(deeds);
  useEffect(() => {
    now.current = deeds;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const deed = deedOf(event);
      if (!deed || event.repeat) return;
      event.preventDefault();
      now.current[deed]();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);

  return (
    <Dialog opened={open} onClose={sheet.close} title={t`Keys of the desk`}>
      <dl className={styles.keys}>
        {Object.entries(KEYS).map(([deed, key]) => (
          <div key={deed}>
            <dt>
              {deed !== "sheet" && (
                <>
                  <kbd>Alt</kbd> +{" "}
                </>
              )}
              <kbd>{key.shown}</kbd>
            </dt>
            <dd>{i18n._(key.word)}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.note}>
        <Trans>They work everywhere on the desk, also while you type.</Trans>
      </p>
    </Dialog>
  );
}

/** Opens what the button of that key opens. */
const press = (deed: Deed): void =>
  document.querySelector<HTMLElement>(`[aria-keyshortcuts="Alt+${KEYS[deed].shown}"]`)?.click();
