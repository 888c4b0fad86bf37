/** Queues, callers and agents as they are, and what a supervisor may do about it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Select, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import { answer, api, everything, type Listed, OWN } from "~/api/client";
import { may } from "~/api/session";
import { LiveMark } from "~/components/LiveMark/LiveMark";
import { Empty, Page } from "~/components/Page/Page";
import { useAgentCount, useDomain, useLiveStatus, useQueues } from "~/live/live";
import { useMe } from "~/api/me";
import { AgentDrawer } from "./AgentDrawer";
import { Agents } from "./Agents";
import { CallerDrawer } from "./CallerDrawer";
import { Callers } from "./Callers";
import { CountOf, useCounting } from "./count";
import { InFrames } from "./frames";
import type { Groups, SortBy, Wish } from "./order";
import { Queues } from "./Queues";
import { Screens } from "./Screens";
import { Ticking } from "~/live/ticking";
import { load, save } from "./thresholds";
import { ThresholdsForm } from "./ThresholdsForm";
import styles from "./wallboard.module.css";

export const page = createLazyRoute("/inside/wallboard")({ component: Wallboard });

function Wallboard() {
  const { t } = useLingui();
  const { live, known } = useLiveStatus();
  const count = useCounting();
  const domain = useDomain()?.name ?? "";
  const [saved, setSaved] = useState(0);
  const thresholds = useMemo(() => load(domain), [domain, saved]);
  const [open, setOpen] = useState<"thresholds" | "screens" | null>(null);
  const me = useMe();
  const actions = (
    <div className={styles.actions}>
      <span className={styles.age}>
        <LiveMark />
      </span>
      <Button size="xs" variant="default" onClick={() => setOpen("thresholds")}>
        <Trans>Thresholds</Trans>
      </Button>
      {may(me, "access") && (
        <Button size="xs" variant="default" onClick={() => setOpen("screens")}>
          <Trans>Big screens</Trans>
        </Button>
      )}
    </div>
  );
  return (
    <Page title={t`Wallboard`} actions={actions}>
      <Ticking>
        <InFrames>
          <CountOf value={count}>
            <div className={styles.board} data-stale={!live && known}>
              <Board thresholds={thresholds} />
            </div>
          </CountOf>
        </InFrames>
        {open === "screens" && <Screens onClose={() => setOpen(null)} />}
      </Ticking>
      {open === "thresholds" && (
        <ThresholdsForm
          thresholds={thresholds}
          onClose={() => setOpen(null)}
          onSave={(next) => {
            save(domain, next);
            setSaved((n) => n + 1);
            setOpen(null);
          }}
        />
      )}
    </Page>
  );
}

function Board({ thresholds }: { thresholds: ReturnType<typeof load> }) {
  const { t } = useLingui();
  const search = useSearch({ from: "/inside/wallboard" });
  const queues = useQueues();
  const agents = useAgentCount();
  const groups = useGroups();
  const [agent, setAgent] = useState<string | null>(null);
  const [call, setCall] = useState<string | null>(null);
  const text = useDeferredValue(search.text ?? "");
  const { queue = null, group = null, sort = "extension", present = false } = search;
  const wish = useMemo<Wish>(() => ({ text, queue, group, sort, present }), [text, queue, group, sort, present]);
  return (
    <>
      {queues.length > 0 && <Filters groups={groups} />}
      <section className={`card ${styles.section}`} aria-labelledby="queues">
        <h2 id="queues">
          <Trans>Queues</Trans>
        </h2>
        {queues.length === 0 ? (
          <Empty title={t`There is no queue yet`}>
            <Trans>Queues are made in the administration.</Trans>
          </Empty>
        ) : (
          <Queues shown={queue} thresholds={thresholds} />
        )}
      </section>
      <section className={`card ${styles.section}`} aria-labelledby="callers">
        <h2 id="callers">
          <Trans>Waiting callers</Trans>
        </h2>
        <Callers queue={queue} onOpen={setCall} />
      </section>
      <section className={`card ${styles.section}`} aria-labelledby="agents">
        <h2 id="agents">
          <Trans>Agents</Trans>
        </h2>
        {agents === 0 ? <Empty title={t`There is no agent yet`} /> : <Agents wish={wish} groups={groups} onOpen={setAgent} />}
      </section>
      <AgentDrawer agentKey={agent} onClose={() => setAgent(null)} />
      <CallerDrawer id={call} onClose={() => setCall(null)} />
    </>
  );
}

function Filters({ groups }: { groups: Groups }) {
  const { t } = useLingui();
  const navigate = useNavigate({ from: "/wallboard" });
  const search = useSearch({ from: "/inside/wallboard" });
  const queues = useQueues();
  const set = (change: typeof search) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const names = useMemo(() => [...new Set([...(groups?.values() ?? [])].flat())].sort(), [groups]);
  const sorts: { value: SortBy; label: string }[] = [
    { value: "extension", label: t`by extension` },
    { value: "name", label: t`by name` },
    { value: "state", label: t`by state` },
    { value: "since", label: t`by time in state` },
  ];
  return (
    <search className={styles.filters}>
      <TextInput
        size="xs"
        label={t`Find an agent`}
        placeholder={t`Name or extension`}
        value={search.text ?? ""}
        maxLength={100}
        onChange={(event) => set({ text: event.currentTarget.value || undefined })}
      />
      <Select
        size="xs"
        label={t`Queue`}
        placeholder={t`all`}
        clearable
        value={search.queue ?? null}
        onChange={(value) => set({ queue: value ?? undefined })}
        data={queues.map(({ number, name }) => ({ value: number, label: `${name} · ${number}` }))}
      />
      {names.length > 0 && (
        <Select
          size="xs"
          label={t`Group`}
          placeholder={t`all`}
          clearable
          value={search.group ?? null}
          onChange={(value) => set({ group: value ?? undefined })}
          data={names}
        />
      )}
      <Select
        size="xs"
        label={t`Order`}
        allowDeselect={false}
        value={search.sort ?? "extension"}
        onChange={(value) => set({ sort: (value as SortBy | null) ?? undefined })}
        data={sorts}
      />
      <Switch
        size="sm"
        label={t`Only who is logged in`}
        checked={search.present ?? false}
        onChange={(event) => set({ present: event.currentTarget.checked || undefined })}
      />
    </search>
  );
}

/** Who belongs to which groups; only for whoever may see how the domain is set up. */
function useGroups(): Groups {
  const me = useMe();
  const { data } = useQuery({
    queryKey: ["groups"],
    enabled: may(me, "configuration"),
    staleTime: 60_000,
    queryFn: readGroups,
  });
  return data ?? null;
}

async function readGroups(): Promise<Map<string, string[]>> {
  const agents = await everything(async (cursor) => {
    const asked = api.GET("/v1/domains/{domain}/provisioning/{section}", {
      params: { path: { domain: OWN, section: "agents" }, query: cursor ? { cursor } : {} },
    });
    return (await answer(asked)) as Listed<{ extension?: string; groups?: string[] }>;
  });
  return new Map(agents.flatMap(({ extension, groups }) => (extension && groups ? [[extension, groups] as const] : [])));
}
