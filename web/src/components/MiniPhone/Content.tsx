/** What the small window shows. It is a page of its own with no scripts: this one draws into it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useEffect } from "react";
import { createPortal } from "react-dom";
import { Recorded } from "~/components/Recorded/Recorded";
import { Since, StateChip } from "~/components/StateChip/StateChip";
import { countdown } from "~/i18n/time";
import { act, hangUp, hold, lift, unhold } from "~/live/acts";
import { useAgent, useCalls, useQueue, useServerNow } from "~/live/live";
import { choices, type OwnCall, ownCalls } from "~/live/own";
import { wrapUpUntil } from "~/live/wrapUp";
import { usePhone } from "~/softphone/phone";
import { dress } from "./dress";
import type { Shown } from "./MiniPhone";
import styles from "./MiniPhone.module.css";

export function Content({ window: small, extension }: Shown) {
  const { t } = useLingui();
  const title = t`Cordboard: small window`;
  useEffect(() => dress(small, title), [small, title]);
  return createPortal(<Phone extension={extension} />, small.document.body);
}

function Phone({ extension }: { extension: string }) {
  const { t } = useLingui();
  const agent = useAgent(extension);
  const own = ownCalls(useCalls(), extension);
  // What rings is more urgent than what is talked.
  const shown = own.find(({ part }) => part === "ringing") ?? own[0];
  if (!agent) return null;
  return (
    <main className={styles.phone}>
      <h1 className="visually-hidden">{t`Small window`}</h1>
      <StateChip state={agent.state} reason={agent.reason} since={agent.state_since} />
      {shown ? <Call key={shown.call.id} own={shown} extension={extension} /> : <Quiet extension={extension} />}
    </main>
  );
}

/** Between calls: how she stands, and the other way to stand. Notes after a call are written on the desk. */
function Quiet({ extension }: { extension: string }) {
  const agent = useAgent(extension);
  if (!agent) return null;
  const can = choices(agent.queues);
  const until = wrapUpUntil(agent);
  if (agent.state === "wrap_up") {
    return <p className={styles.who}>{until ? <Left until={until} /> : <Trans>Wrap-up, on the desk</Trans>}</p>;
  }
  return (
    <>
      <p className={styles.none}>
        <Trans>No call</Trans>
      </p>
      <div className={styles.buttons}>
        {can.ready && (
          <Button fullWidth onClick={() => void act(extension, "ready")}>
            <Trans>Ready</Trans>
          </Button>
        )}
        {can.notReady && (
          <Button fullWidth variant="default" onClick={() => void act(extension, "not-ready")}>
            <Trans>Not ready</Trans>
          </Button>
        )}
      </div>
    </>
  );
}

function Left({ until }: { until: string }) {
  const left = countdown(Math.max(0, Date.parse(until) - useServerNow()));
  return <Trans>Wrap-up, still {left}</Trans>;
}

function Call({ own, extension }: { own: OwnCall; extension: string }) {
  const { t } = useLingui();
  const queue = useQueue(own.call.queue);
  const colleague = useAgent(own.number);
  const name = own.name || colleague?.name || "";
  return (
    <section className={styles.call} aria-label={own.part === "ringing" ? t`Incoming call` : t`Call in progress`}>
      <p className={styles.who}>
        <bdi>{name || own.number || t`Number withheld`}</bdi>
      </p>
      <p className={styles.more}>
        {name && own.number && <bdi>{own.number}</bdi>} {queue && !own.outgoing && <span>{queue.name}</span>}{" "}
        {own.call.held && <Trans>on hold</Trans>} <Since at={own.since} /> <Recorded on={own.call.recording} />
      </p>
      <div className={styles.buttons}>
        {own.part === "ringing" ? <Ringing own={own} extension={extension} /> : <Talking own={own} />}
      </div>
    </section>
  );
}

function Ringing({ own, extension }: { own: OwnCall; extension: string }) {
  const phone = usePhone();
  const here = phone.state.call?.state === "ringing";
  return (
    <>
      <Button fullWidth color="leaf" onClick={() => (here ? phone.answer() : void lift(own.call.id))}>
        <Trans>Answer</Trans>
      </Button>
      {here ? (
        <Button fullWidth variant="default" onClick={() => phone.end()}>
          <Trans>Decline</Trans>
        </Button>
      ) : own.outgoing ? (
        <Button fullWidth variant="default" onClick={() => void hangUp(own.call.id)}>
          <Trans>Hang up</Trans>
        </Button>
      ) : (
        <Button fullWidth variant="default" onClick={() => void act(extension, "not-ready")}>
          <Trans>Pass on and be not ready</Trans>
        </Button>
      )}
    </>
  );
}

function Talking({ own: { call, part } }: { own: OwnCall }) {
  const phone = usePhone();
  const heard = phone.state.call;
  return (
    <>
      {heard?.state === "talking" && (
        <Button
          fullWidth
          variant={heard.muted ? "filled" : "default"}
          color="brick"
          aria-pressed={heard.muted}
          onClick={() => phone.mute(!heard.muted)}
        >
          {heard.muted ? <Trans>Unmute</Trans> : <Trans>Mute</Trans>}
        </Button>
      )}
      {part === "talking" && (
        <Button fullWidth variant="default" onClick={() => void (call.held ? unhold : hold)(call.id)}>
          {call.held ? <Trans>Take off hold</Trans> : <Trans>Hold</Trans>}
        </Button>
      )}
      <Button fullWidth color="brick" onClick={() => void hangUp(call.id)}>
        <Trans>Hang up</Trans>
      </Button>
    </>
  );
}
