/** The page of an agent's call link: whoever opens it talks to her, without a login. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Refused } from "~/api/problem";
import { useSettled } from "~/components/Doing/settled";
import { Entrance } from "~/components/Entrance/Entrance";
import { Problem } from "~/components/Notice/Problem";
import { apart } from "~/i18n/straight";
import { Before } from "./Before";
import { During } from "./During";
import { type At, type CallLink, callLink } from "./links";
import { Standing } from "./Standing";
import { type Dial, Visit } from "./visit";
import styles from "./guest.module.css";

export const page = createLazyRoute("/call/$domain/$link")({ component: Page });

function Page() {
  const at = page.useParams();
  return <LinkPage key={`${at.domain}/${at.link}`} at={at} />;
}

interface Props {
  at: At;
  /** For tests: another phone than JsSIP. */
  load?: () => Promise<Dial>;
}

export function LinkPage({ at, load }: Props) {
  const { t } = useLingui();
  const asked = useQuery({
    queryKey: ["call-link", at.domain, at.link],
    queryFn: () => callLink(at),
    staleTime: Infinity,
  });
  const [visit] = useState(() => new Visit(at, load));
  const { end } = useSyncExternalStore(visit.subscribe, () => visit.state);
  const { data, error } = asked;
  // It may be switched off while the page is open.
  const off = end?.why === "unknown";
  if (off || (error instanceof Refused && error.status === 404)) return <LeadsNowhere meanwhile={off} />;
  if (data) return <Visited visit={visit} whose={data} />;
  return (
    <Entrance title={t`Call link`}>
      {error ? <Problem problem={error} again={() => void asked.refetch()} /> : <Loader aria-label={t`Loading`} />}
    </Entrance>
  );
}

/** `meanwhile`: he has tried to call, and the button that he pressed is not there any more. */
function LeadsNowhere({ meanwhile }: { meanwhile: boolean }) {
  const { t } = useLingui();
  const words = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (meanwhile) words.current?.focus();
  }, [meanwhile]);
  return (
    <Entrance title={t`This link leads to nobody`}>
      <p ref={words} role="status" tabIndex={-1}>
        <Trans>It may be mistyped, or it has been switched off. Ask whoever gave it to you for another one.</Trans>
      </p>
    </Entrance>
  );
}

function Visited({ visit, whose }: { visit: Visit; whose: CallLink }) {
  const { t } = useLingui();
  const state = useSyncExternalStore(visit.subscribe, () => visit.state);
  const [name, setName] = useState("");
  const busy = visit.busy;
  // Where a call is ended another one is begun, and "Call again" takes the keyboard.
  const settled = useSettled(busy);
  const standing = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useFocus(busy, standing, button);
  useLeaving(visit, busy);
  const talking = state.stage === "talking";
  const who = apart(whose.name);
  return (
    <Entrance title={talking ? t`Call with ${who}` : t`Call ${who}`}>
      <p className={styles.domain}>
        <bdi>{whose.domain}</bdi>
      </p>
      <Standing state={state} who={who} box={standing} />
      {busy ? (
        <During visit={visit} state={state} />
      ) : (
        <Before
          who={who}
          name={name}
          onName={setName}
          end={state.end}
          onCall={() => settled() && void visit.call(name)}
          onReload={() => settled() && location.reload()}
          button={button}
        />
      )}
    </Entrance>
  );
}

/** A call begins: its state is read out. It is over: the way to the next one is at hand. */
function useFocus(
  busy: boolean,
  standing: React.RefObject<HTMLElement | null>,
  button: React.RefObject<HTMLElement | null>,
): void {
  const before = useRef(busy);
  useEffect(() => {
    if (before.current === busy) return;
    before.current = busy;
    (busy ? standing : button).current?.focus();
  }, [busy, standing, button]);
}

/** Leaving the page ends the call, and the browser asks first. */
function useLeaving(visit: Visit, busy: boolean): void {
  useEffect(() => {
    if (!busy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [busy]);
  useEffect(() => {
    const leave = () => visit.end();
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [visit]);
}
