/** How much of the server the domain may use. Only the server's owner sets it. */
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Loader, NumberInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api, OWN, type Schemas } from "~/api/client";
import { may } from "~/api/session";
import { say } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { Page } from "~/components/Page/Page";
import { useMe } from "~/api/me";
import { domainPath } from "./model/call";
import type { Json } from "./model/json";
import { ShowCall } from "./parts/ShowCall";
import styles from "./Admin.module.css";

export const page = createLazyRoute("/inside/admin/limits")({ component: Limits });

type Body = Schemas["LimitsBody"];

const ROWS = [
  ["calls", msg`Live calls`, msg`Beyond it, new ones are refused.`],
  ["waiting", msg`Callers who wait`, msg`In all queues together; beyond it, a line is full.`],
  ["agents", msg`Agents`, msg`That can be provisioned.`],
  ["webhooks", msg`Webhooks`, msg`That can be provisioned.`],
  ["sockets", msg`Event sockets`, msg`Open at a time: each desk and wallboard has one.`],
  ["requests_per_second", msg`Requests per second`, msg`The server's owner's own aside.`],
] as const;

function Limits() {
  const { t } = useLingui();
  const asked = useQuery({
    queryKey: ["limits"],
    queryFn: () => answer(api.GET("/v1/domains/{domain}/limits", { params: { path: { domain: OWN } } })),
  });
  return (
    <Page title={t`Limits`}>
      <Problem problem={asked.error} again={() => void asked.refetch()} />
      {asked.isPending && <Loader size="sm" aria-label={t`Loading`} />}
      {asked.data && <Form at={asked.data} />}
    </Page>
  );
}

function Form({ at }: { at: Schemas["LimitsItem"] }) {
  const { t, i18n } = useLingui();
  const me = useMe();
  const client = useQueryClient();
  const [typed, setTyped] = useState<Body>(at.own);
  const save = useMutation({
    mutationFn: () =>
      answer(api.PUT("/v1/domains/{domain}/limits", { params: { path: { domain: OWN } }, body: typed })),
    onSuccess: (now) => {
      say(t`Saved.`);
      client.setQueryData(["limits"], now);
    },
  });
  // Owners of a domain may not: the server's own owner is nobody's agent.
  const writes = may(me, "provisioning") && me.role === "owner" && !me.extension;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <section className="card">
        <p className={styles.hint} style={{ marginBottom: 12 }}>
          <Trans>Empty: the server's default. 0: no limit. Set by the server's owner.</Trans>
        </p>
        <div className={styles.fields}>
          {ROWS.map(([name, label, hint]) => {
            const inForce = at.in_force[name];
            return (
              <NumberInput
                key={name}
                label={i18n._(label)}
                description={i18n._(hint)}
                min={0}
                max={1_000_000}
                allowDecimal={false}
                hideControls
                readOnly={!writes}
                placeholder={inForce ? String(inForce) : t`no limit`}
                value={typed[name] ?? ""}
                onChange={(next) => setTyped({ ...typed, [name]: typeof next === "number" ? next : null })}
              />
            );
          })}
        </div>
      </section>
      <Problem problem={save.error} />
      {writes && (
        <div className={styles.save} style={{ justifyContent: "flex-end" }}>
          <ShowCall call={() => ({ method: "PUT", path: domainPath("limits"), body: typed as Json })} />
          <Button type="submit" loading={save.isPending}>
            <Trans>Save</Trans>
          </Button>
        </div>
      )}
    </form>
  );
}
