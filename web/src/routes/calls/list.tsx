/** Calls, live and ended, newest first: found by queue, outcome, agent, caller and time; as a table to take away. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Select, TextInput } from "@mantine/core";
import { IconPlayerRecordFilled } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { createLazyRoute, Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { api, list, OWN } from "~/api/client";
import { sayProblem } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { Empty, Page } from "~/components/Page/Page";
import { region } from "~/i18n/i18n";
import { clock } from "~/i18n/time";
import { callerOf } from "~/live/caller";
import type { Call } from "~/live/fold";
import { useAgents, useQueues, useServerNow } from "~/live/live";
import { download } from "~/api/download";
import { stayOf, talked } from "./timeline";
import { CALLER_MIN, fromInput, localInput, query, type Wish } from "./wish";
import { CALL_STATES, causeWord, DIRECTIONS, type Outcome, OUTCOMES } from "~/components/Call/words";
import styles from "./calls.module.css";

export const page = createLazyRoute("/inside/calls")({ component: Calls });

const ROWS = 50;
const AGAIN_AFTER = 30_000;
/** How long the typing of a number must rest. */
const TYPING_TIME = 400;

function Calls() {
  const { t } = useLingui();
  const wish = useSearch({ from: "/inside/calls" });
  const asked = useMemo(() => query(wish), [wish]);
  const calls = useInfiniteQuery({
    queryKey: ["calls", asked],
    queryFn: ({ pageParam }) =>
      list(
        api.GET("/v1/domains/{domain}/calls", {
          params: { path: { domain: OWN }, query: { ...asked, limit: ROWS, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    // What is being read further down is not exchanged under the eyes.
    refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? AGAIN_AFTER : false),
  });
  const items = calls.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t`Calls`} actions={<Download asked={asked} />}>
      <Filters />
      <section className="card" aria-label={t`Calls`}>
        <Problem problem={calls.error} again={() => void calls.refetch()} />
        {calls.data && items.length === 0 && (
          <Empty title={t`No call fits this choice`}>
            <Trans>Take a longer time, or leave out a filter.</Trans>
          </Empty>
        )}
        {items.length > 0 && <Rows calls={items} queue={wish.queue} />}
        {calls.hasNextPage && (
          <Button variant="default" size="xs" mt="sm" loading={calls.isFetchingNextPage} onClick={() => void calls.fetchNextPage()}>
            <Trans>Show more</Trans>
          </Button>
        )}
      </section>
    </Page>
  );
}

function Download({ asked }: { asked: Record<string, string> }) {
  const [busy, setBusy] = useState(false);
  const take = () => {
    setBusy(true);
    download(`/v1/domains/${OWN}/calls?${new URLSearchParams(asked)}`, "calls.csv")
      .catch(sayProblem)
      .finally(() => setBusy(false));
  };
  return (
    <Button size="xs" variant="default" loading={busy} onClick={take}>
      <Trans>Table (CSV)</Trans>
    </Button>
  );
}

function Filters() {
  const { t, i18n } = useLingui();
  const navigate = useNavigate({ from: "/calls" });
  const wish = useSearch({ from: "/inside/calls" });
  const queues = useQueues();
  const agents = useAgents();
  const set = (change: Wish) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const people = useMemo(
    () => agents.flatMap(({ extension, name }) => (extension ? [{ value: extension, label: `${name} · ${extension}` }] : [])),
    [agents],
  );
  return (
    <search className={styles.filters}>
      <Select
        size="xs"
        label={t`Queue`}
        placeholder={t`all`}
        clearable
        value={wish.queue ?? null}
        onChange={(value) => set({ queue: value ?? undefined, ...(value ? {} : { outcome: undefined }) })}
        data={queues.map(({ number, name }) => ({ value: number, label: `${name} · ${number}` }))}
      />
      <Select
        size="xs"
        label={t`Left the queue`}
        placeholder={wish.queue ? t`in any way` : t`choose a queue first`}
        clearable
        disabled={!wish.queue}
        value={wish.outcome ?? null}
        onChange={(value) => set({ outcome: (value as Outcome | null) ?? undefined })}
        data={Object.entries(OUTCOMES).map(([value, word]) => ({ value, label: i18n._(word) }))}
      />
      <Select
        size="xs"
        label={t`Agent`}
        placeholder={t`all`}
        clearable
        searchable
        nothingFoundMessage={t`Nobody of this name`}
        value={wish.agent ?? null}
        onChange={(value) => set({ agent: value ?? undefined })}
        data={people}
      />
      <CallerField key={wish.caller ?? ""} caller={wish.caller ?? ""} onChange={(caller) => set({ caller })} />
      <TextInput
        size="xs"
        type="datetime-local"
        label={t`From`}
        value={localInput(wish.from)}
        onChange={(event) => set({ from: fromInput(event.currentTarget.value) })}
      />
      <TextInput
        size="xs"
        type="datetime-local"
        label={t`Before`}
        value={localInput(wish.to)}
        onChange={(event) => set({ to: fromInput(event.currentTarget.value) })}
      />
    </search>
  );
}

function CallerField({ caller, onChange }: { caller: string; onChange: (caller: string | undefined) => void }) {
  const { t } = useLingui();
  const [text, setText] = useState(caller);
  useEffect(() => {
    if (text === caller || (text.length > 0 && text.length < CALLER_MIN)) return;
    const timer = setTimeout(() => onChange(text || undefined), TYPING_TIME);
    return () => clearTimeout(timer);
  });
  return (
    <TextInput
      size="xs"
      label={t`Caller's number begins with`}
      placeholder="+49 …"
      inputMode="tel"
      maxLength={32}
      value={text}
      onChange={(event) => setText(event.currentTarget.value.replaceAll(" ", ""))}
    />
  );
}

function Rows({ calls, queue }: { calls: Call[]; queue: string | undefined }) {
  const now = useServerNow();
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-labelledby="main-calls">
      <table className={styles.table}>
        <caption id="main-calls" className="visually-hidden">
          <Trans>Calls, newest first</Trans>
        </caption>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Began</Trans>
            </th>
            <th scope="col">
              <Trans>Caller</Trans>
            </th>
            <th scope="col">
              <Trans>Dialed</Trans>
            </th>
            <th scope="col">
              <Trans>Queue</Trans>
            </th>
            <th scope="col">
              <Trans>What came of it</Trans>
            </th>
            <th scope="col">
              <Trans>Agent</Trans>
            </th>
            <th scope="col" className={styles.number}>
              <Trans>Waited</Trans>
            </th>
            <th scope="col" className={styles.number}>
              <Trans>Talked</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <Row key={call.id} call={call} queue={queue} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ call, queue, now }: { call: Call; queue: string | undefined; now: number }) {
  const { i18n } = useLingui();
  const stay = stayOf(call, queue);
  const talk = talked(call, now);
  const { sign, word } = DIRECTIONS[call.direction];
  const agent = stay?.agent ?? call.agent;
  const caller = callerOf(call);
  return (
    <tr>
      <td className={styles.began}>
        <Link to="/calls/$call" params={{ call: call.id }} className={styles.link}>
          {dayAndTime(call.started_at, region())}
        </Link>
      </td>
      <th scope="row">
        <span aria-hidden="true">{sign} </span>
        <span className="visually-hidden">{i18n._(word)} </span>
        {caller.name ? <bdi>{caller.name}</bdi> : caller.number || <Trans>number withheld</Trans>}{" "}
        <small>{caller.name ? caller.number : ""}</small>
      </th>
      <td className={styles.dialed}>{call.dialed}</td>
      <td>{stay?.queue ?? call.queue ?? ""}</td>
      <td>
        <CameOf call={call} outcome={stay?.outcome} /> {call.recordings.length > 0 && <HasRecordings />}
      </td>
      <td>{agent ?? ""}</td>
      <td className={styles.number}>{stay ? clock(stay.waited * 1000) : ""}</td>
      <td className={styles.number}>{talk === null ? "" : clock(talk)}</td>
    </tr>
  );
}

/** That it was recorded: small, for a word in each row would be read past. */
function HasRecordings() {
  const { t } = useLingui();
  const word = t`Has recordings`;
  return (
    <span className={styles.recorded} title={word}>
      <IconPlayerRecordFilled size={12} aria-hidden="true" />
      <span className="visually-hidden">{word}</span>
    </span>
  );
}

function CameOf({ call, outcome }: { call: Call; outcome: Outcome | undefined }) {
  const { i18n } = useLingui();
  if (call.state !== "ended") {
    return (
      <strong className={styles.live}>
        <span aria-hidden="true">● </span>
        {i18n._(CALL_STATES[call.state])}
      </strong>
    );
  }
  if (outcome) return <span data-outcome={outcome}>{i18n._(OUTCOMES[outcome])}</span>;
  if (call.answered_at) return i18n._(OUTCOMES.answered);
  return call.cause ? causeWord(call.cause, (one) => i18n._(one)) : null;
}

const dayAndTime = (at: string, locale: string): string =>
  new Date(at).toLocaleString(locale, { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
