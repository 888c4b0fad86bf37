/**
 * One agent's row. Of five hundred rows fifty change many times a second: what changes is written into cells that are
 * there, without drawing the row anew. Drawn is it when her name or her queues change.
 */
import { Trans, useLingui } from "@lingui/react/macro";
import { type I18n, type MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { memo, type RefObject, useLayoutEffect, useRef } from "react";
import { STATES } from "~/components/StateChip/words";
import { clock, countdown } from "~/i18n/time";
import type { Agent, Call } from "~/live/fold";
import { useLive } from "~/live/live";
import { useClock, writeText } from "~/live/ticking";
import { wrapUpUntil } from "~/live/wrapUp";
import { type Busy, busyWith, unreachable } from "./figures";
import { useFrames, useOfAgent } from "./frames";
import styles from "./wallboard.module.css";

export interface RowProps {
  agentKey: string;
  queue: string | null;
  onOpen: ((key: string) => void) | null;
  plain: boolean;
  /** A reason in words. */
  say(reason: string): string;
}

/** What a row is drawn of; all else is written. */
interface Frame {
  name: string;
  extension: string;
  queues: [number: string, name: string][];
}

const frameOf = (agent: Agent | undefined): string =>
  agent
    ? JSON.stringify({
        name: agent.name,
        extension: agent.extension ?? "",
        queues: agent.queues.map(({ queue, name }) => [queue, name]),
      } satisfies Frame)
    : "";

export const AgentRow = memo(function AgentRow({ agentKey, queue, onOpen, plain, say }: RowProps) {
  const frame = useOfAgent(agentKey, frameOf);
  const row = useRef<HTMLTableRowElement>(null);
  useWritten(row, frame, { agentKey, queue, say });
  if (frame === "") return null;
  const { name, extension, queues } = JSON.parse(frame) as Frame;
  return (
    <tr ref={row}>
      <th scope="row" className={styles.who}>
        {onOpen ? (
          <button type="button" className={styles.open} onClick={() => onOpen(agentKey)}>
            {name}
          </button>
        ) : (
          name
        )}{" "}
        <small>{extension}</small>
      </th>
      <td>
        <span className={styles.state}>
          <span aria-hidden="true" data-cell="sign" />
          <span data-cell="word" />
        </span>
        <small data-cell="besides" />
      </td>
      <td className={styles.time}>
        <span data-cell="since" />
        <small className={styles.left} hidden>
          {" "}
          <span className="visually-hidden">
            <Trans>still</Trans>
          </span>{" "}
          <span aria-hidden="true">↓</span> <span data-cell="left" />
        </small>
      </td>
      {!plain && <td className={styles.with} data-cell="with" />}
      <td className={styles.in}>
        {queues.map(([number, queueName]) => (
          <span key={number} className={styles.membership} title={queueName} data-cell="queue">
            {number}
          </span>
        ))}
      </td>
    </tr>
  );
});

/** Keeps the cells of a row as the agent and her call are. */
function useWritten(row: RefObject<HTMLTableRowElement | null>, frame: string, more: Pick<RowProps, "agentKey" | "queue" | "say">): void {
  const { i18n } = useLingui();
  const live = useLive();
  const frames = useFrames();
  const tick = useClock();
  const { agentKey, queue, say } = more;
  useLayoutEffect(() => {
    if (!row.current) return;
    const cells = new Cells(row.current, i18n, say);
    const follow = (topic: string) => frames?.subscribe(topic, write) ?? live.subscribe(topic, write);
    let followed: { call: string; end(): void } | null = null;
    const write = () => {
      const agent = live.agent(agentKey);
      if (!agent) return;
      if (agent.call !== followed?.call) {
        followed?.end();
        followed = agent.call ? { call: agent.call, end: follow(`calls/${agent.call}`) } : null;
      }
      cells.write(agent, live.call(agent.call), queue, live.now());
    };
    const ends = [follow(`agents/${agentKey}`), tick((now) => cells.tick(now))];
    write();
    return () => {
      ends.forEach((end) => end());
      followed?.end();
    };
  }, [row, frame, i18n, i18n.locale, live, frames, tick, agentKey, queue, say]);
}

/** The places of a row that are written into, and what times are counted from. */
class Cells {
  private readonly state: HTMLElement;
  private readonly sign: Element;
  private readonly word: Element;
  private readonly besides: Element;
  private readonly since: Element;
  private readonly left: Element;
  private readonly wrapUp: HTMLElement;
  private readonly with: Element | null;
  private readonly queues: HTMLElement[];
  private begun = 0;
  private ends: number | null = null;
  private readonly i18n: I18n;
  private readonly say: (reason: string) => string;

  constructor(row: HTMLTableRowElement, i18n: I18n, say: (reason: string) => string) {
    this.i18n = i18n;
    this.say = say;
    const found = new Map<string, HTMLElement[]>();
    for (const cell of row.querySelectorAll<HTMLElement>("[data-cell]")) {
      const name = cell.dataset.cell ?? "";
      found.set(name, [...(found.get(name) ?? []), cell]);
    }
    const one = (name: string): HTMLElement => found.get(name)?.[0] ?? row;
    this.sign = one("sign");
    this.word = one("word");
    this.besides = one("besides");
    this.since = one("since");
    this.left = one("left");
    this.state = this.word.parentElement ?? row;
    this.wrapUp = this.left.parentElement ?? row;
    this.with = found.get("with")?.[0] ?? null;
    this.queues = found.get("queue") ?? [];
  }

  write(agent: Agent, call: Call | undefined, queue: string | null, now: number): void {
    const t = (word: MessageDescriptor) => this.i18n._(word);
    const seen = (queue ? agent.queues.find((one) => one.queue === queue) : undefined) ?? agent;
    const lost = unreachable(agent);
    const look = STATES[seen.state];
    const busy = busyWith({ ...agent, state: seen.state }, call);
    const word = t(lost ? UNREACHABLE : busy ? BUSY[busy] : look.word);
    const reason = seen.state === "not_ready" && seen.reason ? `: ${this.say(seen.reason)}` : "";
    mark(this.state, "tone", lost ? "bad" : look.tone);
    writeText(this.sign, lost ? "⚠ " : `${look.sign} `);
    writeText(this.word, `${word}${reason}`);
    writeText(this.besides, besides(agent, t));
    if (this.with) writeText(this.with, call ? withWhom(agent, call, t(WITHHELD)) : "");
    agent.queues.forEach((one, at) => {
      const place = this.queues[at];
      if (!place) return;
      mark(place, "in", String(one.state !== "logged_out" && one.state !== "offline"));
      mark(place, "next", String(one.available_for_dispatch));
    });
    const until = wrapUpUntil(agent);
    this.begun = Date.parse(seen.state_since);
    this.ends = until ? Date.parse(until) : null;
    if (this.wrapUp.hidden !== (this.ends === null)) this.wrapUp.hidden = this.ends === null;
    this.tick(now);
  }

  tick(now: number): void {
    writeText(this.since, clock(now - this.begun));
    if (this.ends !== null) writeText(this.left, countdown(this.ends - now));
  }
}

function mark(place: HTMLElement, name: string, value: string): void {
  if (place.dataset[name] !== value) place.dataset[name] = value;
}

const UNREACHABLE = msg`Unreachable`;
const WITHHELD = msg`number withheld`;
const BUSY: Record<Busy, MessageDescriptor> = {
  queue: msg`Queue call`,
  direct: msg`Direct call`,
  outbound: msg`Call to outside`,
  internal: msg`Internal call`,
};

/** What else there is to know: invited, not to be disturbed, what comes after her call. */
function besides(agent: Agent, t: (word: MessageDescriptor) => string): string {
  const pending = agent.queues.find((one) => one.pending)?.pending;
  const next = pending && t(pending === "logout" ? STATES.logged_out.word : STATES.not_ready.word);
  const known = [
    agent.status === "invited" && t(msg`invited`),
    !agent.registered && agent.status === "active" && t(msg`no phone`),
    agent.dnd && t(msg`do not disturb`),
    next && t(msg`then: ${next}`),
  ].filter(Boolean);
  return known.length ? ` ${known.join(", ")}` : "";
}

/** Who is at the other end, and by which queue. */
function withWhom(agent: Agent, call: Call, withheld: string): string {
  const { number, name } = call.caller;
  const own = call.legs[0]?.agent === agent.extension;
  const who = own ? call.dialed : name || number || withheld;
  return call.queue ? `${who} · ${call.queue}` : who;
}
