/** One live call: what it is, why it is where it is, and what may be done with it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Autocomplete, Button, Select } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { answer, api, once, OWN } from "~/api/client";
import { may } from "~/api/session";
import { callerOf } from "~/live/caller";
import type { Call } from "~/live/fold";
import { useAgents, useQueues } from "~/live/live";
import { say } from "~/components/Notice/notice";
import { Recorded } from "~/components/Recorded/Recorded";
import { CALL_STATES, DIRECTIONS } from "./words";
import { useMe } from "~/api/me";
import { Surely, useDoing } from "~/components/Doing/Doing";
import { Ago } from "~/live/ticking";
import styles from "~/styles/drawer.module.css";

/** `own`: on the call's own page, which says the rest. */
export function CallActs({ call, own = false }: { call: Call; own?: boolean }) {
  const me = useMe();
  if (own) return may(me, "call_control") ? <div className={styles.parts}><Acts call={call} /></div> : null;
  return (
    <div className={styles.parts}>
      <Facts call={call} />
      {may(me, "call_control") && <Acts call={call} />}
      <p className={styles.links}>
        <Link to="/calls/$call" params={{ call: call.id }}>
          <Trans>The whole call, and why it went so</Trans>
        </Link>
      </p>
    </div>
  );
}

function Facts({ call }: { call: Call }) {
  const { i18n } = useLingui();
  const { name, number } = callerOf(call);
  const direction = DIRECTIONS[call.direction];
  return (
    <dl className={styles.facts}>
        <dt>
          <Trans>Caller</Trans>
        </dt>
        <dd>
          <Who name={name} number={number} />
        </dd>
        <dt>
          <Trans>This call</Trans>
        </dt>
        <dd>
          <span aria-hidden="true">{direction.sign} </span>
          {i18n._(direction.word)}, {i18n._(CALL_STATES[call.state])} · <Ago at={call.answered_at ?? call.started_at} />{" "}
          <Recorded on={call.recording} />
        </dd>
    </dl>
  );
}

/** Who calls: what strangers call themselves stands apart, whichever way it is written. */
export function Who({ name, number }: { name: string; number: string }) {
  if (!name) return number || <Trans>number withheld</Trans>;
  return (
    <>
      <bdi>{name}</bdi>
      {number && ` · ${number}`}
    </>
  );
}

function Acts({ call }: { call: Call }) {
  const { t } = useLingui();
  const { busy, doing } = useDoing();
  const path = { domain: OWN, call: call.id };
  const hangUp = () =>
    doing(async () => {
      await answer(api.DELETE("/v1/domains/{domain}/calls/{call}", { params: { path } }));
      say(t`The call is over.`);
    });
  return (
    <>
      {call.state === "waiting" && call.queue && <Give call={call} queue={call.queue} />}
      {call.state === "waiting" && call.queue && <Move call={call} queue={call.queue} />}
      {call.state === "connected" && <Transfer call={call} />}
      <div className={styles.buttons}>
        <Surely
          act={t`Hang up`}
          ask={t`Hang up on everybody on this call?`}
          yes={t`Hang up`}
          busy={busy}
          onYes={() => void hangUp()}
        />
      </div>
    </>
  );
}

/** Gives a waiting call to somebody, past the order. */
function Give({ call, queue }: { call: Call; queue: string }) {
  const { t } = useLingui();
  const me = useMe();
  const agents = useAgents();
  const [agent, setAgent] = useState<string | null>(null);
  const { busy, doing } = useDoing();
  const free = useMemo(
    () =>
      agents.flatMap(({ extension, name, registered, call: on }) =>
        extension && registered && !on ? [{ value: extension, label: `${name} · ${extension}` }] : [],
      ),
    [agents],
  );
  const give = (to: string) =>
    doing(async () => {
      const asked = api.POST("/v1/domains/{domain}/queues/{number}/waiting/{call}/pickup", {
        params: { path: { domain: OWN, number: queue, call: call.id }, header: once() },
        body: { agent: to },
      });
      await answer(asked);
      say(t`It rings now.`);
    });
  return (
    <div className={styles.row}>
      <Select
        size="xs"
        searchable
        label={t`Give it to`}
        placeholder={t`An agent with a phone, on no call`}
        nothingFoundMessage={t`Nobody is free with a phone`}
        value={agent}
        onChange={setAgent}
        data={free}
      />
      <Button size="xs" disabled={!agent || busy} onClick={() => agent && void give(agent)}>
        <Trans>Give</Trans>
      </Button>
      {me.extension && (
        <Button size="xs" variant="default" disabled={busy} onClick={() => void give("~")}>
          <Trans>Take it myself</Trans>
        </Button>
      )}
    </div>
  );
}

/** Has a waiting caller wait for other agents; what he has waited counts there. */
function Move({ call, queue }: { call: Call; queue: string }) {
  const { t } = useLingui();
  const queues = useQueues();
  const [to, setTo] = useState<string | null>(null);
  const { busy, doing } = useDoing();
  const others = useMemo(
    () => queues.flatMap(({ number, name }) => (number === queue ? [] : [{ value: number, label: `${number} ${name}` }])),
    [queues, queue],
  );
  const move = (to: string) =>
    doing(async () => {
      const asked = api.POST("/v1/domains/{domain}/queues/{number}/waiting/{call}/move", {
        params: { path: { domain: OWN, number: queue, call: call.id }, header: once() },
        body: { to },
      });
      await answer(asked);
      setTo(null);
      say(t`The caller waits there now, by all the time waited.`);
    });
  if (others.length === 0) return null;
  return (
    <div className={styles.row}>
      <Select
        size="xs"
        searchable
        label={t`Move to another queue`}
        placeholder={t`Queue`}
        nothingFoundMessage={t`No such queue`}
        value={to}
        onChange={setTo}
        data={others}
      />
      <Button size="xs" variant="default" disabled={!to || busy} onClick={() => to && void move(to)}>
        <Trans>Move</Trans>
      </Button>
    </div>
  );
}

/** Sends the other party somewhere else; the agent's side leaves. */
function Transfer({ call }: { call: Call }) {
  const { t } = useLingui();
  const queues = useQueues();
  const [to, setTo] = useState("");
  const { busy, doing } = useDoing();
  const places = useMemo(() => queues.map(({ number, name }) => ({ value: number, label: `${number} ${name}` })), [queues]);
  const chosen = places.find(({ label }) => label === to)?.value ?? to.trim();
  const transfer = () =>
    doing(async () => {
      const asked = api.POST("/v1/domains/{domain}/calls/{call}/transfer", {
        params: { path: { domain: OWN, call: call.id }, header: once() },
        body: { to: chosen },
      });
      await answer(asked);
      setTo("");
      say(t`It is on its way.`);
    });
  return (
    <div className={styles.row}>
      <Autocomplete
        size="xs"
        label={t`Send the caller on to`}
        placeholder={t`Queue, extension or number`}
        value={to}
        onChange={setTo}
        data={places.map(({ label }) => label)}
      />
      <Button size="xs" disabled={!chosen || busy} onClick={() => void transfer()}>
        <Trans>Transfer</Trans>
      </Button>
    </div>
  );
}
