/** A call that comes in is noticed on every page: heard by screen readers, seen in the tab, told by the system. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { inLine } from "~/live/caller";
import { useCalls, useQueue } from "~/live/live";
import { type OwnCall, ownCalls } from "~/live/own";
import { usePhone } from "~/softphone/phone";
import { mark, notify } from "./notices";
import styles from "./Shell.module.css";

/** A phone that comes back by itself within this time is not worth a word outside of the page. */
const LOST_TIME = 10_000;

export function CallAlert({ extension }: { extension: string }) {
  const calls = useCalls();
  const ringing = ownCalls(calls, extension).find((own) => own.part === "ringing");
  return (
    <>
      <div role="alert" className="visually-hidden">
        {ringing && <Spoken own={ringing} />}
      </div>
      {ringing && <Notice own={ringing} />}
      <PhoneLost />
    </>
  );
}

/** Who calls, in one line. */
function useWho(own: OwnCall): string {
  const { t } = useLingui();
  const queue = useQueue(own.call.queue);
  const who = inLine(own) || t`Number withheld`;
  return queue ? `${queue.name}: ${who}` : who;
}

function Spoken({ own }: { own: OwnCall }) {
  const who = useWho(own);
  const { t } = useLingui();
  // No markup: what stands in a name would be taken for some.
  return t`Incoming call. ${who}`;
}

/** To the desk, from wherever something was told. */
function useToDesk(): () => void {
  const go = useNavigate();
  const now = useRef(go);
  useEffect(() => {
    now.current = go;
  });
  return useRef(() => void now.current({ to: "/desk" })).current;
}

function Notice({ own }: { own: OwnCall }) {
  const { t } = useLingui();
  const who = useWho(own);
  const title = t`Incoming call`;
  const id = own.call.id;
  const { mode, leads } = usePhone();
  // Of several tabs the one that has the phone tells it.
  const tells = mode !== "browser" || leads;
  const toDesk = useToDesk();
  useEffect(() => mark(`☎ ${who}`), [who]);
  useEffect(() => (tells ? notify(title, who, id, toDesk) : undefined), [tells, id, who, title, toDesk]);
  const { pathname } = useLocation();
  if (pathname.startsWith("/desk")) return null;
  return (
    <Link to="/desk" className={styles.ringing}>
      {t`Incoming call: ${who}. Go to the desk`}
    </Link>
  );
}

/** A phone in the browser that is not connected, where she thinks that calls reach her. The desk says more. */
function PhoneLost() {
  const { t } = useLingui();
  const { mode, leads, state } = usePhone();
  const lost = mode === "browser" && (state.link === "lost" || state.link === "refused");
  // Each tab shows it; the one that has the phone tells it.
  const long = useLasting(lost && leads, LOST_TIME);
  const toDesk = useToDesk();
  const title = t`Your phone is not connected`;
  const body = t`No call reaches you in this browser.`;
  useEffect(() => (long ? notify(title, body, "phone", toDesk) : undefined), [long, title, body, toDesk]);
  const { pathname } = useLocation();
  if (!lost || pathname.startsWith("/desk")) return null;
  return (
    <Link to="/desk" className={styles.lost} role="alert">
      <Trans>Your phone is not connected: no call reaches you in this browser. Go to the desk</Trans>
    </Link>
  );
}

/** Whether something has been so for a while. */
function useLasting(holds: boolean, time: number): boolean {
  const [long, setLong] = useState(false);
  useEffect(() => {
    if (!holds) return;
    const timer = setTimeout(() => setLong(true), time);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [holds, time]);
  return long;
}
