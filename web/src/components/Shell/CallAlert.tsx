/** A call that comes in is noticed on every page: heard by screen readers, seen in the tab, told by the system. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useLocation } from "@tanstack/react-router";
import { useEffect } from "react";
import { useCalls, useQueue } from "~/live/live";
import { type OwnCall, ownCalls } from "~/live/own";
import styles from "./Shell.module.css";

export function CallAlert({ extension }: { extension: string }) {
  const calls = useCalls();
  const ringing = ownCalls(calls, extension).find((own) => own.part === "ringing");
  return (
    <>
      <div role="alert" className="visually-hidden">
        {ringing && <Spoken own={ringing} />}
      </div>
      {ringing && <Notice own={ringing} />}
    </>
  );
}

/** Who calls, in one line. */
function useWho(own: OwnCall): string {
  const { t } = useLingui();
  const queue = useQueue(own.call.queue);
  const who = [own.name, own.number].filter(Boolean).join(", ") || t`Number withheld`;
  return queue ? `${queue.name}: ${who}` : who;
}

function Spoken({ own }: { own: OwnCall }) {
  const who = useWho(own);
  return <Trans>Incoming call. {who}</Trans>;
}

function Notice({ own }: { own: OwnCall }) {
  const { t } = useLingui();
  const who = useWho(own);
  const title = t`Incoming call`;
  const id = own.call.id;
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const before = document.title;
    document.title = `☎ ${who}`;
    icon?.setAttribute("href", "/icon-ringing.svg");
    const told = document.hidden ? notify(title, who, id) : null;
    return () => {
      document.title = before;
      icon?.setAttribute("href", "/icon.svg");
      told?.close();
    };
  }, [id, who, title]);
  const { pathname } = useLocation();
  if (pathname.startsWith("/desk")) return null;
  return (
    <Link to="/desk" className={styles.ringing}>
      <Trans>Incoming call: {who}. Go to the desk</Trans>
    </Link>
  );
}

/** The system's own notice, if it was allowed; a click leads here. */
function notify(title: string, body: string, tag: string): Notification | null {
  if (!("Notification" in window) || Notification.permission !== "granted") return null;
  try {
    const notice = new Notification(title, { body, tag, icon: "/icon.svg", requireInteraction: true });
    notice.onclick = () => {
      window.focus();
      notice.close();
    };
    return notice;
  } catch {
    // Browsers of telephones know the word, and refuse it.
    return null;
  }
}
