/** What an agent did, and what came of the queue calls that rang her: sums, and a row for each interval. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { api, list, OWN } from "~/api/client";
import { Problem } from "~/components/Notice/Problem";
import { Empty } from "~/components/Page/Page";
import { region } from "~/i18n/i18n";
import { AsDocument } from "./AsDocument";
import { Download, percent, seconds, Tile } from "./QueueReport";
import type { Span } from "./span";
import { type AgentInterval, type AgentSum, occupancy, sumOfAgent } from "./sums";
import { name } from "./when";
import styles from "./reports.module.css";

export function AgentReport({ extension, span }: { extension: string; span: Span }) {
  const { t } = useLingui();
  const asked = useQuery({
    queryKey: ["agent-report", extension, span],
    enabled: extension !== "",
    queryFn: async () => {
      const query = { from: span.from, to: span.to, interval: span.interval, time_zone: span.zone };
      const made = api.GET("/v1/domains/{domain}/agents/{extension}/statistics/intervals", {
        params: { path: { domain: OWN, extension }, query },
      });
      return (await list(made)).items;
    },
  });
  if (!extension) {
    return (
      <section className="card">
        <Empty title={t`Choose an agent`} />
      </section>
    );
  }
  const all = asked.data && sumOfAgent(asked.data);
  return (
    <>
      <Problem problem={asked.error} again={() => void asked.refetch()} />
      {all && asked.data && (
        <>
          <Head sums={all} />
          <Rows rows={asked.data} all={all} extension={extension} span={span} />
        </>
      )}
    </>
  );
}

function Head({ sums }: { sums: AgentSum }) {
  return (
    <dl className={styles.tiles}>
      <Tile name={<Trans>Logged in</Trans>} value={seconds(sums.logged_in_time)} />
      <Tile name={<Trans>Ready</Trans>} value={seconds(sums.ready_time)} />
      <Tile name={<Trans>Not ready</Trans>} value={seconds(sums.not_ready_time)} />
      <Tile name={<Trans>Queue calls</Trans>} value={sums.answered} more={seconds(sums.talk_time)} />
      <Tile name={<Trans>Missed</Trans>} value={sums.missed + sums.declined} />
      <Tile name={<Trans>Wrap-up</Trans>} value={seconds(sums.wrap_up_time)} />
      <Tile name={<Trans>Other calls</Trans>} value={sums.other_calls} more={seconds(sums.other_call_time)} />
      <Tile name={<Trans>Occupancy</Trans>} value={percent(occupancy(sums))} />
    </dl>
  );
}

function Rows({ rows, all, extension, span }: { rows: AgentInterval[]; all: AgentSum; extension: string; span: Span }) {
  const { t } = useLingui();
  const shown = rows.filter(({ logged_in_time, offered, other_calls }) => logged_in_time + offered + other_calls > 0);
  const words: ReactNode[] = [
    <Trans>Logged in</Trans>,
    <Trans>Ready</Trans>,
    <Trans>Not ready</Trans>,
    <Trans>Rung</Trans>,
    <Trans>Queue call</Trans>,
    <Trans>Wrap-up</Trans>,
    <Trans>Other call</Trans>,
    <Trans>Offered</Trans>,
    <Trans>Answered</Trans>,
    <Trans>Missed</Trans>,
    <Trans>Declined</Trans>,
    <Trans>Holds</Trans>,
    <Trans>On hold</Trans>,
  ];
  return (
    <section className={`card ${styles.section}`} aria-labelledby="intervals">
      <div className={styles.head}>
        <h2 id="intervals">
          <Trans>By interval</Trans>
        </h2>
        <div className={styles.files}>
          <Download path={`agents/${encodeURIComponent(extension)}`} file={`agent-${extension}.csv`} span={span} />
          <AsDocument whose={{ about: "agents", agent: extension }} file={`agent-${extension}`} span={span} />
        </div>
      </div>
      {shown.length === 0 ? (
        <Empty title={t`She was not logged in, and on no call`} />
      ) : (
        <div className={styles.scroll} tabIndex={0} role="group" aria-labelledby="intervals">
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">
                  <Trans>From</Trans>
                </th>
                {words.map((word, n) => (
                  <th key={n} scope="col" className={styles.number}>
                    {word}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Figures key={row.begins_at} row={row} extension={extension} name={name(row.begins_at, span, region())} />
              ))}
            </tbody>
            <tfoot>
              <Figures row={all} extension={extension} name={<Trans>Together</Trans>} />
            </tfoot>
          </table>
        </div>
      )}
    </section>
  );
}

function Figures({ row, extension, name: word }: { row: AgentSum; extension: string; name: ReactNode }) {
  const calls = (count: number) =>
    count > 0 ? (
      <Link to="/calls" search={{ agent: extension, from: row.begins_at, to: row.ends_at }} className={styles.link}>
        {count}
      </Link>
    ) : (
      count
    );
  const cells: ReactNode[] = [
    seconds(row.logged_in_time),
    seconds(row.ready_time),
    seconds(row.not_ready_time),
    seconds(row.ringing_time),
    seconds(row.queue_call_time),
    seconds(row.wrap_up_time),
    seconds(row.other_call_time),
    calls(row.offered),
    calls(row.answered),
    row.missed,
    row.declined,
    row.holds,
    seconds(row.hold_time),
  ];
  return (
    <tr>
      <th scope="row">{word}</th>
      {cells.map((cell, n) => (
        <td key={n} className={styles.number}>
          {cell}
        </td>
      ))}
    </tr>
  );
}
