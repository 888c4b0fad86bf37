/** How a report fares: when it goes next, whether the last one went, a look at it, and sending it now. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api, once, OWN, type Schemas } from "~/api/client";
import { save } from "~/api/download";
import { say, sayProblem } from "~/components/Notice/notice";
import { moment } from "~/i18n/time";
import { listed } from "../model/listed";
import styles from "../Admin.module.css";

export function ReportBeside({ name }: { name: string }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const reports = useQuery({
    queryKey: ["reports"],
    queryFn: () => listed<Schemas["List_ReportItem"]>(api.GET("/v1/domains/{domain}/reports", { params: { path: { domain: OWN } } })),
  });
  const send = useMutation({
    mutationFn: (to: Schemas["ToWord"]) =>
      answer(
        api.POST("/v1/domains/{domain}/reports/{report}/send", {
          params: { path: { domain: OWN, report: name }, header: once() },
          body: { to },
        }),
      ),
    onSuccess: () => say(t`It is on its way.`),
    onError: sayProblem,
    onSettled: () => void client.invalidateQueries({ queryKey: ["reports"] }),
  });
  const look = useMutation({
    mutationFn: (format: "pdf" | "csv") =>
      save(`/v1/domains/${OWN}/reports/${encodeURIComponent(name)}/document?format=${format}`, `${name}.${format}`),
    onError: sayProblem,
  });
  const one = reports.data?.items.find((report) => report.name === name);
  const next = one?.next_at && moment(one.next_at, Date.now());
  const last = one?.mailed_at && moment(one.mailed_at, Date.now());
  return (
    <section className={`card ${styles.stack}`} aria-label={t`How it fares`}>
      <div className={styles.tools}>
        <span className={styles.hint}>{next ? <Trans>Goes next: {next}</Trans> : <Trans>It is off.</Trans>}</span>
        <span className={styles.hint}>{last && <Trans>Last sent: {last}</Trans>}</span>
        <span className={styles.grow} />
        <Button size="xs" variant="default" loading={look.isPending} onClick={() => look.mutate("pdf")}>
          <Trans>Look at it (PDF)</Trans>
        </Button>
        <Button size="xs" variant="default" loading={send.isPending} onClick={() => send.mutate("me")}>
          <Trans>Send it to me</Trans>
        </Button>
        <Button size="xs" variant="default" loading={send.isPending} onClick={() => send.mutate("recipients")}>
          <Trans>Send it to all now</Trans>
        </Button>
      </div>
      {one?.problem && (
        <p className={styles.hint} role="status">
          <bdi>{one.problem}</bdi>
        </p>
      )}
    </section>
  );
}
