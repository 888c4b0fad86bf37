/** What came of queues' calls, and what agents did, interval by interval. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Autocomplete, Button, SegmentedControl, Select, TextInput } from "@mantine/core";
import { createLazyRoute, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { Page } from "~/components/Page/Page";
import { useAgents, useDomain, useQueues } from "~/live/live";
import { AgentReport } from "./AgentReport";
import { Definitions } from "./Definitions";
import { QueueReport } from "./QueueReport";
import { dayOf, INTERVALS, type Interval, isZone, nextDay, span, type Wish } from "./span";
import styles from "./reports.module.css";

export const page = createLazyRoute("/inside/reports")({ component: Reports });

function Reports() {
  const { t } = useLingui();
  const wish = useSearch({ from: "/inside/reports" });
  const domain = useDomain();
  const zone = wish.zone ?? domain?.timezone;
  const asked = useMemo(() => (zone ? span(wish, zone, Date.now()) : null), [wish, zone]);
  return (
    <Page title={t`Reports`}>
      {asked && <Filters zone={asked.zone} interval={asked.interval} />}
      {asked && (wish.agent !== undefined ? <AgentReport extension={wish.agent} span={asked} /> : <QueueReport queue={wish.queue} span={asked} />)}
      <Definitions about={wish.agent !== undefined ? "agent" : "queue"} />
    </Page>
  );
}

function Filters({ zone, interval }: { zone: string; interval: Interval }) {
  const { t } = useLingui();
  const navigate = useNavigate({ from: "/reports" });
  const wish = useSearch({ from: "/inside/reports" });
  const queues = useQueues();
  const agents = useAgents();
  const set = (change: Wish) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const today = dayOf(Date.now(), zone);
  const people = useMemo(
    () => agents.flatMap(({ extension, name }) => (extension ? [{ value: extension, label: `${name} · ${extension}` }] : [])),
    [agents],
  );
  const about = wish.agent !== undefined ? "agent" : "queue";
  const names: Record<Interval, string> = { "15m": t`15 minutes`, "30m": t`30 minutes`, "1h": t`1 hour`, "1d": t`1 day` };
  return (
    <search className={styles.filters}>
      <SegmentedControl
        size="xs"
        aria-label={t`About`}
        value={about}
        onChange={(value) =>
          set(value === "agent" ? { agent: people[0]?.value ?? "", queue: undefined } : { agent: undefined })
        }
        data={[
          { value: "queue", label: t`Queues` },
          { value: "agent", label: t`Agents` },
        ]}
      />
      {about === "queue" ? (
        <Select
          size="xs"
          label={t`Queue`}
          placeholder={t`all together`}
          clearable
          value={wish.queue ?? null}
          onChange={(value) => set({ queue: value ?? undefined })}
          data={queues.map(({ number, name }) => ({ value: number, label: `${name} · ${number}` }))}
        />
      ) : (
        <Select
          size="xs"
          label={t`Agent`}
          searchable
          allowDeselect={false}
          nothingFoundMessage={t`Nobody of this name`}
          value={wish.agent || null}
          onChange={(value) => set({ agent: value ?? "" })}
          data={people}
        />
      )}
      <TextInput
        size="xs"
        type="date"
        label={t`From`}
        max={today}
        value={wish.from ?? today}
        onChange={(event) => set({ from: event.currentTarget.value || undefined })}
      />
      <TextInput
        size="xs"
        type="date"
        label={t`To, included`}
        value={wish.to ?? today}
        onChange={(event) => set({ to: event.currentTarget.value || undefined })}
      />
      <Select
        size="xs"
        label={t`By`}
        allowDeselect={false}
        value={interval}
        onChange={(value) => set({ interval: (value as Interval | null) ?? undefined })}
        data={INTERVALS.map((value) => ({ value, label: names[value] }))}
      />
      <Zone key={zone} zone={zone} onChange={(next) => set({ zone: next })} />
      <span className={styles.presets}>
        <Button size="compact-xs" variant="default" onClick={() => set({ from: undefined, to: undefined, interval: undefined })}>
          <Trans>Today</Trans>
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => set({ from: nextDay(today, -1), to: nextDay(today, -1), interval: undefined })}
        >
          <Trans>Yesterday</Trans>
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => set({ from: nextDay(today, -6), to: today, interval: undefined })}
        >
          <Trans>7 days</Trans>
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => set({ from: nextDay(today, -29), to: today, interval: undefined })}
        >
          <Trans>30 days</Trans>
        </Button>
      </span>
    </search>
  );
}

/** By whose clock: the domain's, the browser's, or any other. */
function Zone({ zone, onChange }: { zone: string; onChange: (zone: string | undefined) => void }) {
  const { t } = useLingui();
  const domain = useDomain()?.timezone;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = useMemo(() => [...new Set([domain, own, "UTC", ...Intl.supportedValuesOf("timeZone")].filter((one) => one !== undefined))], [domain, own]);
  return (
    <Autocomplete
      size="xs"
      label={t`By the clock of`}
      defaultValue={zone}
      limit={30}
      data={known}
      onChange={(value) => {
        if (value !== zone && known.includes(value) && isZone(value)) onChange(value === domain ? undefined : value);
      }}
    />
  );
}
