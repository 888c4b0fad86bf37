/** Where one is logged in; each log-in but this one can be ended. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api, list, type Schemas } from "~/api/client";
import { sayProblem } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { moment } from "~/i18n/time";
import styles from "./account.module.css";

const LIMIT = 100;

export function Sessions() {
  const { t } = useLingui();
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: () => list(api.GET("/v1/auth/sessions", { params: { query: { limit: LIMIT } } })),
  });
  return (
    <section className="card" aria-label={t`Where you are logged in`}>
      <h2 className={styles.title}>
        <Trans>Where you are logged in</Trans>
      </h2>
      <Problem problem={sessions.error} again={() => void sessions.refetch()} />
      {sessions.isPending && <Skeleton height={80} />}
      <ul className={styles.list}>
        {sessions.data?.items.map((session) => (
          <Session key={session.id} session={session} />
        ))}
      </ul>
    </section>
  );
}

function Session({ session }: { session: Schemas["SessionItem"] }) {
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () =>
      answer(api.DELETE("/v1/auth/sessions/{session}", { params: { path: { session: session.id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["sessions"] }),
    onError: sayProblem,
  });
  const since = moment(session.created_at, Date.now());
  const used = session.used_at ? moment(session.used_at, Date.now()) : null;
  return (
    <li className={styles.row}>
      <div className={styles.grow}>
        <div>{browserOf(session.client) ?? <Trans>Unknown program</Trans>}</div>
        <div className={styles.dim}>
          {session.address ?? <Trans>this machine</Trans>} · <Trans>since {since}</Trans>
          {used && (
            <>
              {" "}
              · <Trans>last used {used}</Trans>
            </>
          )}
        </div>
      </div>
      {session.current ? (
        <span className={styles.dim}>
          <Trans>this one</Trans>
        </span>
      ) : (
        <Button variant="default" size="xs" loading={end.isPending} onClick={() => end.mutate()}>
          <Trans>End</Trans>
        </Button>
      )}
    </li>
  );
}

/** What people call the browser that names itself so, with its system; other programs by their first word. */
export function browserOf(client: string | null | undefined): string | null {
  if (!client) return null;
  const browsers = [
    ["Edg/", "Edge"],
    ["OPR/", "Opera"],
    ["Firefox/", "Firefox"],
    ["Chrome/", "Chrome"],
    ["Safari/", "Safari"],
  ] as const;
  const systems = ["Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux"];
  const browser = browsers.find(([word]) => client.includes(word))?.[1];
  if (!browser) return client.split(/[\s(]/)[0] ?? client;
  const system = systems.find((word) => client.includes(word));
  return system ? `${browser}, ${system}` : browser;
}
