/** What the domain is, how much of everything it has, and what is still missing for a first call. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Switch } from "@mantine/core";
import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import { answer, api, OWN } from "~/api/client";
import { Refused } from "~/api/problem";
import { may } from "~/api/session";
import { sayProblem } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { Page } from "~/components/Page/Page";
import { useMe } from "~/api/me";
import { list, provisioningPath, sectionPath, send } from "./model/call";
import { section } from "./model/sections";
import { keep } from "./list/Tables";
import styles from "./Admin.module.css";

export const page = createLazyRoute("/inside/admin/")({ component: Overview });

const SHOWN = ["agents", "queues", "numbers", "flows", "ring_groups", "trunks"];
const MOST = "1000";

function Overview() {
  const { t } = useLingui();
  const me = useMe();
  const client = useQueryClient();
  const domain = useQuery({
    queryKey: ["domain"],
    queryFn: () => answer(api.GET("/v1/domains/{domain}", { params: { path: { domain: OWN } } })),
  });
  const night = useMutation({
    mutationFn: (on: boolean) =>
      answer(api.PUT("/v1/domains/{domain}/night-mode", { params: { path: { domain: OWN } }, body: { on } })),
    onError: sayProblem,
    onSettled: () => void client.invalidateQueries({ queryKey: ["domain"] }),
  });
  const none = domain.error instanceof Refused && domain.error.status === 404;
  if (none) {
    return (
      <Page title={t`Administration`}>
        <section className="card">
          <div className={styles.stack}>
            <p style={{ margin: 0 }}>
              <Trans>This server has no domain yet. The first steps lead from here to a phone that rings.</Trans>
            </p>
            <div>
              <Button renderRoot={(props) => <Link to="/admin/start" {...props} />}>
                <Trans>Begin</Trans>
              </Button>
            </div>
          </div>
        </section>
      </Page>
    );
  }
  return (
    <Page
      title={t`Administration`}
      actions={
        <Button variant="default" onClick={() => void file()}>
          <Trans>The domain as a file</Trans>
        </Button>
      }
    >
      <Problem problem={domain.error} again={() => void domain.refetch()} />
      {domain.data && (
        <section className="card">
          <dl className={styles.pair}>
            <dt>{t`Domain`}</dt>
            <dd>
              <bdi>{domain.data.name}</bdi>
            </dd>
            <dt>{t`Time zone`}</dt>
            <dd>{domain.data.timezone}</dd>
            <dt>{t`Night mode`}</dt>
            <dd>
              <Switch
                aria-label={t`Night mode`}
                label={domain.data.night_mode ? t`on: callers go where the numbers and queues say for the night` : t`off`}
                checked={domain.data.night_mode}
                disabled={!may(me, "night_mode") || night.isPending}
                onChange={({ currentTarget }) => night.mutate(currentTarget.checked)}
              />
            </dd>
          </dl>
        </section>
      )}
      {domain.data && <Counts />}
    </Page>
  );
}

async function file(): Promise<void> {
  try {
    const given = await send({ method: "GET", path: provisioningPath(), headers: { Accept: "application/yaml" } });
    keep(await given.blob(), "domain.yaml");
  } catch (problem) {
    sayProblem(problem);
  }
}

function Counts() {
  const { t, i18n } = useLingui();
  const asked = useQueries({
    queries: SHOWN.map((name) => ({
      queryKey: ["provisioning", name, "all"],
      queryFn: () => list(sectionPath(name), { limit: MOST }),
    })),
  });
  const lacks = (name: string): boolean => asked[SHOWN.indexOf(name)]?.data?.items.length === 0;
  const first = ["agents", "queues", "numbers", "trunks"].filter(lacks);
  return (
    <>
      {first.length > 0 && (
        <section className={`card ${styles.tools}`}>
          <span className={styles.grow}>
            <Trans>Something is still missing before callers reach anybody.</Trans>
          </span>
          <Button size="xs" renderRoot={(props) => <Link to="/admin/start" {...props} />}>
            <Trans>First steps</Trans>
          </Button>
        </section>
      )}
      <nav className={styles.facts} aria-label={t`What there is`}>
        {SHOWN.map((name, at) => {
          const known = section(name);
          const page = asked[at]?.data;
          if (!known) return null;
          return (
            <Link key={name} to="/admin/$section" params={{ section: name }} className={`card ${styles.fact}`}>
              <span className={styles.figure}>{page ? `${page.items.length}${page.next ? "+" : ""}` : "…"}</span>
              <span>{i18n._(known.title)}</span>
            </Link>
          );
        })}
      </nav>
    </>
  );
}
