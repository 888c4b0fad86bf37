/** Who changed what, when and why; and one step back. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Loader, TextInput } from "@mantine/core";
import { Dialog } from "~/components/Dialog/Dialog";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState } from "react";
import { api, OWN, type Schemas } from "~/api/client";
import { may } from "~/api/session";
import { say } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { Empty, Page } from "~/components/Page/Page";
import { region } from "~/i18n/i18n";
import { useMe } from "~/api/me";
import { domainPath, provisioningPath } from "../model/call";
import { listed } from "../model/listed";
import { Export } from "../list/Tables";
import { Outcome, Plan } from "../parts/Outcome";
import { useTrial } from "../parts/trial";
import { Why } from "../parts/Why";
import styles from "../Admin.module.css";

export const page = createLazyRoute("/inside/admin/history")({ component: History });

const TYPING_TIME = 300;
const PAGE = 50;
/** So many lines of a change are shown before they are asked for. */
const FEW = 6;

function History() {
  const { t } = useLingui();
  const me = useMe();
  const client = useQueryClient();
  const { q: first } = page.useSearch();
  const [typed, setTyped] = useState(first ?? "");
  const [q] = useDebouncedValue(typed.trim(), TYPING_TIME);
  const [back, setBack] = useState(false);
  const asked = useInfiniteQuery({
    queryKey: ["audit", q],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      listed<Schemas["List_AuditItem"]>(
        api.GET("/v1/domains/{domain}/audit", {
          params: {
            path: { domain: OWN },
            query: { limit: PAGE, ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    getNextPageParam: (last) => last.next ?? undefined,
    staleTime: 0,
  });
  const items = asked.data?.pages.flatMap(({ items: some }) => some) ?? [];
  return (
    <Page
      title={t`History`}
      actions={
        may(me, "provisioning") && (
          <Button variant="default" onClick={() => setBack(true)}>
            <Trans>One step back</Trans>
          </Button>
        )
      }
    >
      <div className={styles.tools}>
        <TextInput
          className={styles.grow!}
          type="search"
          aria-label={t`Search`}
          placeholder={t`Who, what or why`}
          maxLength={100}
          leftSection={<IconSearch size={16} aria-hidden="true" />}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <Export path={domainPath("audit")} name="audit" />
      </div>
      <Problem problem={asked.error} again={() => void asked.refetch()} />
      {asked.isPending && <Loader size="sm" aria-label={t`Loading`} />}
      {asked.isSuccess && items.length === 0 && (
        <section className="card">
          <Empty title={t`Nothing found`}>{t`Every change of the domain is kept here, with its reason.`}</Empty>
        </section>
      )}
      <ol className={styles.form} style={{ listStyle: "none", margin: 0, padding: 0 }}>
        {items.map((item, at) => (
          <li key={`${item.at}-${at}`} className="card">
            <Change item={item} />
          </li>
        ))}
      </ol>
      {asked.hasNextPage && (
        <Button variant="default" loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
          <Trans>Older ones</Trans>
        </Button>
      )}
      <Dialog opened={back} onClose={() => setBack(false)} size="lg" title={t`One step back`}>
        {back && (
          <Back
            onClose={() => setBack(false)}
            onDone={() => {
              setBack(false);
              void client.invalidateQueries({ queryKey: ["audit"] });
            }}
          />
        )}
      </Dialog>
    </Page>
  );
}

function Change({ item }: { item: Schemas["AuditItem"] }) {
  const { t } = useLingui();
  const [all, setAll] = useState(item.changes.length <= FEW);
  const at = new Date(item.at).toLocaleString(region(), { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });
  const count = item.changes.length;
  return (
    <div className={styles.stack} style={{ gap: 6 }}>
      <div className={styles.tools}>
        <strong>
          <bdi>{item.who || t`Nobody said`}</bdi>
        </strong>
        <span className={styles.when}>{at}</span>
        <span className={styles.when}>{item.address ? <bdi>{item.address}</bdi> : t`on the server itself`}</span>
      </div>
      {item.reason && (
        <p style={{ margin: 0 }}>
          <bdi>{item.reason}</bdi>
        </p>
      )}
      <Plan plan={all ? item.changes : item.changes.slice(0, FEW)} counted={false} />
      {!all && (
        <div>
          <Button size="compact-xs" variant="subtle" onClick={() => setAll(true)}>
            <Trans>All {count} lines</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}

function Back({ onClose, onDone }: { onClose(): void; onDone(): void }) {
  const { t } = useLingui();
  const { tried, problem, busy, why, setWhy, apply } = useTrial(
    { method: "POST", path: `${provisioningPath()}/revert` },
    undefined,
    () => {
      say(t`Taken back.`);
      onDone();
    },
  );
  return (
    <div className={styles.stack}>
      <p style={{ margin: 0 }}>
        <Trans>Takes the last change of the provisioning back. This is itself a change, and can be taken back too.</Trans>
      </p>
      {tried && <Outcome made={tried} />}
      <Problem problem={problem} />
      {tried && <Why value={why} onChange={setWhy} />}
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose}>
          <Trans>Change nothing</Trans>
        </Button>
        <Button loading={busy} disabled={!tried} onClick={apply}>
          <Trans>Take it back</Trans>
        </Button>
      </div>
    </div>
  );
}
