/** Listens to the desk's keys, and shows them all on `?`. */
import { useDisclosure } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import { later } from "~/components/Later/Later";
import type { Agent } from "~/live/fold";
import { useAct } from "~/softphone/own";
import { usePhone } from "~/softphone/phone";
import { hangUp, hold, unhold } from "~/live/acts";
import { choices, type OwnCall } from "~/live/own";
import { type Deed, deedOf, KEYS } from "./keys";

const Sheet = later(() => import("./Sheet").then((part) => part.Sheet));

interface Props {
  agent: Agent;
  extension: string;
  own: OwnCall[];
}

export function Shortcuts({ agent, extension, own }: Props) {
  const phone = usePhone();
  const change = useAct(extension);
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
    ready: () => (agent.state === "wrap_up" ? press("ready") : void (choices(agent.queues).ready && change("ready"))),
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

  return <Sheet opened={open} onClose={sheet.close} />;
}

/** Opens what the button of that key opens. */
const press = (deed: Deed): void =>
  document.querySelector<HTMLElement>(`[aria-keyshortcuts="Alt+${KEYS[deed].shown}"]`)?.click();
