/**
 * The board on a big screen: no log-in, no pointer, no keyboard. A key after the `#` lets it read; when that is revoked
 * it goes dark and says so.
 */
import { Trans, useLingui } from "@lingui/react/macro";
import { useDocumentTitle } from "@mantine/hooks";
import { createLazyRoute } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { StaleBanner } from "~/components/LiveMark/LiveMark";
import { region } from "~/i18n/i18n";
import { LiveOf, useAgentCount, useDomain, useLive, useLiveStatus, useQueue, useQueues, useServerNow } from "~/live/live";
import { LiveStore } from "~/live/store";
import { clock } from "~/i18n/time";
import { Agents } from "./Agents";
import { CountOf, useCounting, useFigures } from "./count";
import { InFrames } from "./frames";
import type { Wish } from "./order";
import { readScreen, type Screen } from "./screen";
import { clientWith, SourceOf } from "~/api/source";
import { Ticking } from "~/live/ticking";
import { DEFAULTS, level, type Measure } from "./thresholds";
import { useToday } from "./today";
import styles from "./board.module.css";

export const page = createLazyRoute("/board")({ component: BoardPage });

const LOOK_EVERY = 1_000;

function BoardPage() {
  const { t } = useLingui();
  const [screen, setScreen] = useState(() => readScreen(location.hash));
  useDocumentTitle(`${t`Wallboard`} · Cordboard`);
  useEffect(() => {
    const read = () => setScreen(readScreen(location.hash));
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, []);
  useWakeLock();
  if (!screen) {
    return (
      <Dark title={t`This address lacks the part after #`}>
        <Trans>It is made on the wallboard, under “Big screens”. Copy all of it.</Trans>
      </Dark>
    );
  }
  return <Followed key={screen.key} screen={screen} />;
}

/** Follows with the key of the address, apart from any login of this browser. */
function Followed({ screen }: { screen: Screen }) {
  const { t } = useLingui();
  const [store, setStore] = useState<LiveStore | null>(null);
  const [ended, setEnded] = useState(false);
  const [client] = useState(() => clientWith(screen.key));
  useEffect(() => {
    const check = () => {
      void client.GET("/v1/auth/me").then(({ response }) => {
        if (response.status === 401) end();
      }, () => {});
    };
    const made = new LiveStore(screen.key, true, { ended: () => end(), check });
    const end = () => {
      made.stop();
      setEnded(true);
    };
    setStore(made);
    const timer = setInterval(() => made.refresh(), LOOK_EVERY);
    return () => {
      clearInterval(timer);
      made.stop();
    };
  }, [screen.key, client]);
  if (ended) {
    return (
      <Dark title={t`This screen's link has been revoked or has run out`}>
        <Trans>A new one is made on the wallboard, under “Big screens”.</Trans>
      </Dark>
    );
  }
  if (!store) return null;
  return (
    <SourceOf value={client}>
      <LiveOf value={store}>
        <Shown screen={screen} />
      </LiveOf>
    </SourceOf>
  );
}

function Dark({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className={styles.board} data-look="dark">
      <div className={styles.message}>
        <h1>{title}</h1>
        <p>{children}</p>
      </div>
    </main>
  );
}

function Shown({ screen }: { screen: Screen }) {
  const { t } = useLingui();
  const { live, known } = useLiveStatus();
  const count = useCounting();
  const queues = useQueues();
  const shown = queues.filter(({ number }) => screen.queues.length === 0 || screen.queues.includes(number));
  return (
    <main className={styles.board} data-look={screen.light ? "light" : "dark"} data-stale={!live && known}>
      <StaleBanner />
      <Ticking>
        <InFrames>
          <CountOf value={count}>
            <Head />
            {known && shown.length === 0 && <p className={styles.message}>{t`There is no queue to show`}</p>}
            <div className={styles.tiles} data-many={shown.length > 6}>
              {shown.map(({ number }) => (
                <Tile key={number} number={number} />
              ))}
            </div>
            <People queues={screen.queues} />
          </CountOf>
        </InFrames>
      </Ticking>
    </main>
  );
}

function Head() {
  const store = useLive();
  const domain = useDomain();
  const { live } = useLiveStatus();
  const now = useServerNow();
  const time = new Date(now).toLocaleTimeString(region(), {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(domain ? { timeZone: domain.timezone } : {}),
  });
  const age = Number.isFinite(store.age()) ? Math.floor(store.age() / 1000) : 0;
  return (
    <header className={styles.head}>
      <h1>{domain?.name ?? "Cordboard"}</h1>
      <span className={styles.age}>
        <span aria-hidden="true">{live ? "●" : "○"} </span>
        {live ? <Trans>Live · {age} s</Trans> : <Trans>Connecting …</Trans>}
      </span>
      <time className={styles.time}>{time}</time>
    </header>
  );
}

const SIGNS = { fine: "", warn: "△ ", alarm: "▲ " } as const;

function Tile({ number }: { number: string }) {
  const queue = useQueue(number)!;
  const now = useFigures(number);
  const today = useToday(queue);
  const clockNow = useServerNow();
  const waited = now.longestSince === null ? null : (clockNow - Date.parse(now.longestSince)) / 1000;
  return (
    <section className={styles.tile} aria-label={queue.name}>
      <h2>{queue.name}</h2>
      <div className={styles.big}>
        <Value measure="waiting" value={now.waiting} word={<Trans>waiting</Trans>}>
          {now.waiting}
        </Value>
        <Value measure="longest" value={waited} word={<Trans>longest wait</Trans>}>
          {waited === null ? "–" : clock(waited * 1000)}
        </Value>
        <Value measure="ready" value={now.staffed ? now.ready : null} word={<Trans>ready</Trans>}>
          {now.ready}
        </Value>
      </div>
      <dl className={styles.small}>
        <Small word={<Trans>Staffed</Trans>}>{now.staffed}</Small>
        <Small word={<Trans>Talking</Trans>}>{now.talking + now.ringing + now.elsewhere}</Small>
        <Small word={<Trans>Wrap-up</Trans>}>{now.wrapUp}</Small>
        <Small word={<Trans>Not ready</Trans>}>{now.notReady}</Small>
      </dl>
      <dl className={styles.small}>
        <Small word={<Trans>Answered today</Trans>}>{today?.answered ?? "–"}</Small>
        <Small word={<Trans>Gave up</Trans>} measure="abandoned" value={today?.abandonedShare ?? null}>
          {today?.abandoned ?? "–"}
        </Small>
        <Small word={<Trans>Service level</Trans>} measure="service" value={today?.serviceLevel ?? null}>
          {today?.serviceLevel == null ? "–" : `${Math.round(today.serviceLevel)} %`}
        </Small>
      </dl>
    </section>
  );
}

function Value({ measure, value, word, children }: { measure: Measure; value: number | null; word: ReactNode; children: ReactNode }) {
  const found = level(measure, value, DEFAULTS[measure]);
  return (
    <div className={styles.value} data-level={found}>
      <strong>
        <span aria-hidden="true">{SIGNS[found]}</span>
        {children}
      </strong>
      <span>{word}</span>
    </div>
  );
}

function Small({ word, measure, value = null, children }: {
  word: ReactNode;
  measure?: Measure;
  value?: number | null;
  children: ReactNode;
}) {
  const found = measure ? level(measure, value, DEFAULTS[measure]) : "fine";
  return (
    <div data-level={found}>
      <dt>{word}</dt>
      <dd>
        <span aria-hidden="true">{SIGNS[found]}</span>
        {children}
      </dd>
    </div>
  );
}

/** Who is at work, as far as a screen has room for. */
const PEOPLE_MAX = 60;

const EVERYBODY: Wish = { text: "", queue: null, group: null, sort: "state", present: true };

function People({ queues }: { queues: string[] }) {
  const [only] = useState<Wish>(() => ({ ...EVERYBODY, queue: queues.length === 1 ? queues[0]! : null }));
  if (useAgentCount() > PEOPLE_MAX) return null;
  return (
    <section className={styles.people} aria-labelledby="agents">
      <h2 id="agents">
        <Trans>Agents</Trans>
      </h2>
      <Agents wish={only} groups={null} onOpen={null} plain />
    </section>
  );
}

/** The screen stays on while the board is shown; a browser that cannot is left alone. */
function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    const hold = () => {
      if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
      navigator.wakeLock.request("screen").then(
        (held) => {
          lock = held;
        },
        () => {},
      );
    };
    hold();
    document.addEventListener("visibilitychange", hold);
    return () => {
      document.removeEventListener("visibilitychange", hold);
      void lock?.release();
    };
  }, []);
}
