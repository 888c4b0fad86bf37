/** What came of the calls of a queue, or of all of them together: picture, sums, a row for each interval. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Menu } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useMemo, useState } from "react";
import { api, list, OWN } from "~/api/client";
import { sayProblem } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { Empty } from "~/components/Page/Page";
import { region } from "~/i18n/i18n";
import { clock } from "~/i18n/time";
import { useQueues } from "~/live/live";
import { download } from "~/api/download";
import { type Outcome, OUTCOMES } from "~/components/Call/words";
import { AsDocument } from "./AsDocument";
import type { Span } from "./span";
import { ELSEWHERE, type QueueInterval, type QueueSum, sum, together } from "./sums";
import { name } from "./when";
import styles from "./reports.module.css";

const Chart = lazy(() => import("./Chart"));

/** More are not asked for at once. */
const QUEUES_MAX = 100;

export function QueueReport({ queue, span }: { queue: string | undefined; span: Span }) {
  const { t } = useLingui();
  const queues = useQueues();
  const numbers = queue ? [queue] : queues.slice(0, QUEUES_MAX).map(({ number }) => number);
  const asked = useQueries({
    queries: numbers.map((number) => ({
      queryKey: ["queue-report", number, span],
      queryFn: async () => {
        const query = { from: span.from, to: span.to, interval: span.interval, time_zone: span.zone };
        const made = api.GET("/v1/domains/{domain}/queues/{number}/statistics/intervals", {
          params: { path: { domain: OWN, number }, query },
        });
        return { number, items: (await list(made)).items };
      },
    })),
  });
  const failed = asked.find(({ error }) => error);
  const done = asked.flatMap(({ data }) => data ?? []);
  const ready = done.length === numbers.length;
  const rows = ready ? together(done.map(({ items }) => items)) : [];
  const all = ready ? sum(done.flatMap(({ items }) => items)) : null;
  return (
    <>
      {failed && <Problem problem={failed.error} again={() => asked.forEach((one) => void one.refetch())} />}
      {all && (
        <>
          <Head sums={all} />
          {all.offered === 0 ? (
            <section className="card">
              <Empty title={t`No call came in this time`}>
                <Trans>Calls are counted when they are over, in the interval in which they came.</Trans>
              </Empty>
            </section>
          ) : (
            <>
              <Picture rows={rows} span={span} />
              <Rows rows={rows} all={all} queue={queue} span={span} />
            </>
          )}
          {!queue && all.offered > 0 && <ByQueue done={done} span={span} />}
        </>
      )}
    </>
  );
}

function Head({ sums }: { sums: QueueSum }) {
  const share = (part: number) => (sums.offered ? `${Math.round((100 * part) / sums.offered)} %` : "");
  return (
    <dl className={styles.tiles}>
      <Tile name={<Trans>Offered</Trans>} value={sums.offered} />
      <Tile name={<Trans>Answered</Trans>} value={sums.answered} more={share(sums.answered)} />
      <Tile name={<Trans>Gave up</Trans>} value={sums.abandoned} more={share(sums.abandoned)} />
      <Tile name={<Trans>Elsewhere</Trans>} value={sums.elsewhereAll} more={share(sums.elsewhereAll)} />
      <Tile name={<Trans>Service level</Trans>} value={percent(sums.serviceLevel)} />
      <Tile name={<Trans>Mean wait</Trans>} value={seconds(sums.averageWait)} />
      <Tile name={<Trans>Longest wait</Trans>} value={seconds(sums.longestWait)} />
      <Tile name={<Trans>Mean handling</Trans>} value={seconds(sums.averageHandle)} />
    </dl>
  );
}

export function Tile({ name: word, value, more }: { name: ReactNode; value: ReactNode; more?: string }) {
  return (
    <div className={styles.tile}>
      <dt>{word}</dt>
      <dd>
        {value} {more && <small>{more}</small>}
      </dd>
    </div>
  );
}

export const percent = (share: number | null): string => (share === null ? "–" : `${Math.round(100 * share)} %`);
export const seconds = (value: number | null): string => (value === null ? "–" : clock(value * 1000));

function Picture({ rows, span }: { rows: QueueSum[]; span: Span }) {
  const { t } = useLingui();
  const chart = useMemo(
    () => ({
      times: rows.map(({ begins_at }) => Date.parse(begins_at) / 1000),
      bars: [
        { name: t`Answered`, colour: "--call", values: rows.map(({ answered }) => answered) },
        { name: t`Gave up`, colour: "--bad", values: rows.map(({ abandoned }) => abandoned) },
        { name: t`Elsewhere`, colour: "--busy", values: rows.map(({ elsewhereAll }) => elsewhereAll) },
      ],
      line: { name: t`Service level`, colour: "--good", values: rows.map(({ serviceLevel }) => (serviceLevel === null ? null : 100 * serviceLevel)) },
    }),
    [rows, t],
  );
  return (
    <section className="card" aria-label={t`Picture`}>
      <Suspense fallback={<div className={styles.chart} />}>
        <Chart data={chart} zone={span.zone} days={span.interval === "1d"} />
      </Suspense>
    </section>
  );
}

function Rows({ rows, all, queue, span }: { rows: QueueSum[]; all: QueueSum; queue: string | undefined; span: Span }) {
  const shown = rows.filter(({ offered }) => offered > 0);
  return (
    <section className={`card ${styles.section}`} aria-labelledby="intervals">
      <div className={styles.head}>
        <h2 id="intervals">
          <Trans>By interval</Trans>
        </h2>
        <div className={styles.files}>
          {queue && <Download path={`queues/${encodeURIComponent(queue)}`} file={`queue-${queue}.csv`} span={span} />}
          <AsDocument whose={{ about: "queues", ...(queue ? { queue } : {}) }} file={queue ? `queue-${queue}` : "queues"} span={span} />
        </div>
      </div>
      <div className={styles.scroll} tabIndex={0} role="group" aria-labelledby="intervals">
        <table className={styles.table}>
          <Columns first={<Trans>From</Trans>} />
          <tbody>
            {shown.map((row) => (
              <Figures key={row.begins_at} row={row} queue={queue} name={name(row.begins_at, span, region())} />
            ))}
          </tbody>
          <tfoot>
            <Figures row={all} queue={queue} name={<Trans>Together</Trans>} />
          </tfoot>
        </table>
      </div>
      <p className={styles.note}>
        <Trans>
          Intervals without a call are left out. A number opens its calls, by when they reached the server: a call that came to the
          queue later may stand in the interval before.
        </Trans>
      </p>
    </section>
  );
}

function ByQueue({ done, span }: { done: { number: string; items: QueueInterval[] }[]; span: Span }) {
  const queues = useQueues();
  return (
    <section className={`card ${styles.section}`} aria-labelledby="by-queue">
      <h2 id="by-queue">
        <Trans>By queue</Trans>
      </h2>
      <div className={styles.scroll} tabIndex={0} role="group" aria-labelledby="by-queue">
        <table className={styles.table}>
          <Columns first={<Trans>Queue</Trans>} />
          <tbody>
            {done.map(({ number, items }) => {
              const row = sum(items);
              const known = queues.find((one) => one.number === number)?.name ?? "";
              return row && <Figures key={number} row={{ ...row, begins_at: span.from, ends_at: span.to }} queue={number} name={<>{known} <small>{number}</small></>} />;
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Columns({ first }: { first: ReactNode }) {
  const words: ReactNode[] = [
    <Trans>Offered</Trans>,
    <Trans>Answered</Trans>,
    <Trans>Gave up</Trans>,
    <Trans>Elsewhere</Trans>,
    <Trans>Service level</Trans>,
    <Trans>Mean wait</Trans>,
    <Trans>Longest wait</Trans>,
    <Trans>Mean talk</Trans>,
    <Trans>Holds</Trans>,
    <Trans>On hold</Trans>,
    <Trans>Mean handling</Trans>,
  ];
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {words.map((word, n) => (
          <th key={n} scope="col" className={styles.number}>
            {word}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Figures({ row, queue, name: word }: { row: QueueSum; queue: string | undefined; name: ReactNode }) {
  return (
    <tr>
      <th scope="row">{word}</th>
      <Count row={row} queue={queue} count={row.offered} />
      <Count row={row} queue={queue} count={row.answered} outcome="answered" />
      <Count row={row} queue={queue} count={row.abandoned} outcome="abandoned" />
      <td className={styles.number}>
        <ElsewhereCount row={row} queue={queue} />
      </td>
      <td className={styles.number}>{percent(row.serviceLevel)}</td>
      <td className={styles.number}>{seconds(row.averageWait)}</td>
      <td className={styles.number}>{seconds(row.longestWait)}</td>
      <td className={styles.number}>{seconds(row.averageTalk)}</td>
      <td className={styles.number}>{row.holds}</td>
      <td className={styles.number}>{seconds(row.holdTime)}</td>
      <td className={styles.number}>{seconds(row.averageHandle)}</td>
    </tr>
  );
}

/** A number that opens its calls; those of all queues together cannot be asked for. */
function Count({ row, queue, count, outcome }: { row: QueueSum; queue: string | undefined; count: number; outcome?: Outcome }) {
  const linked = count > 0 && queue !== undefined;
  return (
    <td className={styles.number}>
      {linked ? (
        <Link to="/calls" search={{ queue, outcome, from: row.begins_at, to: row.ends_at }} className={styles.link}>
          {count}
        </Link>
      ) : (
        count
      )}
    </td>
  );
}

/** What else came of them, one way each, each with its calls. */
function ElsewhereCount({ row, queue }: { row: QueueSum; queue: string | undefined }) {
  const { i18n } = useLingui();
  const count = row.elsewhereAll;
  if (count === 0) return "0";
  const ways = ELSEWHERE.filter((way) => row.elsewhere[way] > 0);
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <button type="button" className={styles.open}>
          {count}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {ways.map((way) => {
          const text = `${row.elsewhere[way]} ${i18n._(OUTCOMES[way])}`;
          if (!queue) return <Menu.Item key={way} component="div">{text}</Menu.Item>;
          const search = { queue, outcome: way, from: row.begins_at, to: row.ends_at };
          return (
            <Menu.Item key={way} renderRoot={(props) => <Link to="/calls" search={search} {...props} />}>
              {text}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

export function Download({ path, file, span }: { path: string; file: string; span: Span }) {
  const [busy, setBusy] = useState(false);
  const take = () => {
    setBusy(true);
    const query = new URLSearchParams({ from: span.from, to: span.to, interval: span.interval, time_zone: span.zone });
    download(`/v1/domains/${OWN}/${path}/statistics/intervals?${query}`, file)
      .catch(sayProblem)
      .finally(() => setBusy(false));
  };
  return (
    <Button size="xs" variant="default" loading={busy} onClick={take}>
      <Trans>Table (CSV)</Trans>
    </Button>
  );
}
