/** How a webhook fares: its state, a test, what was sent, and sending it again. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Dialog } from "~/components/Dialog/Dialog";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, once, OWN, type Schemas } from "~/api/client";
import { say, sayProblem } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { moment } from "~/i18n/time";
import { listed } from "../model/listed";
import styles from "../Admin.module.css";

const SHOWN = 20;

export function WebhookBeside({ name }: { name: string }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const path = { domain: OWN, webhook: name };
  const hooks = useQuery({
    queryKey: ["webhooks"],
    queryFn: () => listed<Schemas["List_WebhookItem"]>(api.GET("/v1/domains/{domain}/webhooks", { params: { path: { domain: OWN } } })),
  });
  const deliveries = useQuery({
    queryKey: ["webhooks", name, "deliveries"],
    queryFn: () =>
      listed<Schemas["List_DeliveryItem"]>(
        api.GET("/v1/domains/{domain}/webhooks/{webhook}/deliveries", {
          params: { path, query: { limit: SHOWN } },
        }),
      ),
  });
  const again = () => void client.invalidateQueries({ queryKey: ["webhooks"] });
  const test = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/domains/{domain}/webhooks/{webhook}/test", { params: { path, header: once() } }),
      ),
    onSettled: again,
  });
  const resume = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/domains/{domain}/webhooks/{webhook}/resume", { params: { path, header: once() } }),
      ),
    onSuccess: () => say(t`It goes on.`),
    onError: sayProblem,
    onSettled: again,
  });
  const hook = hooks.data?.items.find((one) => one.name === name);
  const status = test.data?.attempt.status;
  const error = test.data?.attempt.error;
  return (
    <section className={`card ${styles.stack}`} aria-label={t`How it fares`}>
      <div className={styles.tools}>
        {hook && (
          <span className={styles.tag} data-kind={hook.state === "active" ? "good" : "busy"}>
            {hook.state}
          </span>
        )}
        {hook && (
          <span className={styles.hint}>
            <Trans>
              {hook.delivered} delivered · {hook.waiting} waiting · {hook.given_up} given up
            </Trans>
          </span>
        )}
        <span className={styles.grow} />
        {hook?.state === "paused" && (
          <Button size="xs" loading={resume.isPending} onClick={() => resume.mutate()}>
            <Trans>Go on</Trans>
          </Button>
        )}
        <Button size="xs" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          <Trans>Send a test</Trans>
        </Button>
      </div>
      {hook?.reason && (
        <p className={styles.hint}>
          <bdi>{hook.reason}</bdi>
        </p>
      )}
      {test.data && (
        <p role="status" style={{ margin: 0 }}>
          {test.data.delivered ? t`The receiver took the test: ${status}.` : t`The test was not taken: ${error}`}
        </p>
      )}
      <Problem problem={test.error ?? deliveries.error} />
      <Deliveries name={name} items={deliveries.data?.items ?? []} onSent={again} />
    </section>
  );
}

function Deliveries({ name, items, onSent }: { name: string; items: readonly Schemas["DeliveryItem"][]; onSent(): void }) {
  const { t } = useLingui();
  const [open, setOpen] = useState<string | null>(null);
  const redeliver = useMutation({
    mutationFn: (delivery: string) =>
      answer(
        api.POST("/v1/domains/{domain}/webhooks/{webhook}/deliveries/{delivery}/redeliver", {
          params: { path: { domain: OWN, webhook: name, delivery }, header: once() },
        }),
      ),
    onSuccess: () => say(t`It is sent again.`),
    onError: sayProblem,
    onSettled: onSent,
  });
  const words = { waiting: t`waits`, delivered: t`delivered`, given_up: t`given up` };
  if (items.length === 0) {
    return (
      <p className={styles.none} style={{ margin: 0 }}>
        <Trans>Nothing was sent yet. A test shows whether the receiver understands.</Trans>
      </p>
    );
  }
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={t`Deliveries`}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t`When`}</th>
            <th scope="col">{t`What`}</th>
            <th scope="col">{t`State`}</th>
            <th scope="col">{t`Tries`}</th>
            <th scope="col">
              <span className="visually-hidden">{t`Actions`}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ id, made_at, type, object, state, tries, reason }) => (
            <tr key={id}>
              <td className={styles.when}>{moment(made_at, Date.now())}</td>
              <td>
                {type} · <bdi>{object}</bdi>
              </td>
              <td>
                {words[state]} {reason && <bdi className={styles.none}>{reason}</bdi>}
              </td>
              <td>{tries}</td>
              <td>
                <div className={styles.row}>
                  <Button size="compact-xs" variant="subtle" onClick={() => setOpen(id)}>
                    <Trans>Look</Trans>
                  </Button>
                  <Button size="compact-xs" variant="subtle" onClick={() => redeliver.mutate(id)}>
                    <Trans>Send again</Trans>
                  </Button>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Dialog opened={open !== null} onClose={() => setOpen(null)} size="lg" title={t`Delivery`}>
        {open && <Detail name={name} delivery={open} />}
      </Dialog>
    </div>
  );
}

function Detail({ name, delivery }: { name: string; delivery: string }) {
  const asked = useQuery({
    queryKey: ["webhooks", name, "deliveries", delivery],
    queryFn: () =>
      answer(
        api.GET("/v1/domains/{domain}/webhooks/{webhook}/deliveries/{delivery}", {
          params: { path: { domain: OWN, webhook: name, delivery } },
        }),
      ),
  });
  return (
    <div className={styles.stack}>
      <Problem problem={asked.error} />
      <pre className={styles.code} tabIndex={0}>
        {asked.data?.payload}
      </pre>
      <ul style={{ margin: 0, paddingInlineStart: "1.2rem" }}>
        {asked.data?.attempts.map((attempt, at) => (
          <li key={at}>
            {moment(attempt.at, Date.now())} · {attempt.status ?? "–"} · {attempt.seconds.toFixed(2)} s ·{" "}
            <bdi>{attempt.error ?? attempt.answer}</bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}
