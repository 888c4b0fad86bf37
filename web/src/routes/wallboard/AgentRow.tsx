/**
 * One agent's row. Of five hundred rows fifty change many times a second: what changes is written into cells that are
 * there, without drawing the row anew. Drawn is it when her name or her queues change.
 */
import { Trans, useLingui } from "@lingui/react/macro";
import { type I18n, type MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { memo, type RefObject, useLayoutEffect, useRef } from "react";
import { STATES } from "~/components/StateChip/words";
import { apart } from "~/i18n/straight";
import { clock, countdown } from "~/i18n/time";
import { callerOf } from "~/live/caller";
import type { Agent, Call } from "~/live/fold";
import { useLive } from "~/live/live";
import { ownCall } from "~/live/own";
import { useClock } from "~/live/ticking";
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

/** A place for a text. What it has is known here: to ask the page costs more than to write. */
class Slot {
  private readonly text = document.createTextNode("");
  private shown = "";

  constructor(cell: Element) {
    cell.replaceChildren(this.text);
  }

  write(text: string): void {
    if (text === this.shown) return;
    this.shown = text;
    this.text.data = text;
  }
}

/** The same for what a style asks. */
class Mark {
  private shown: string | null = null;
  private readonly place: Element;
  private readonly name: string;

  constructor(place: Element, name: string) {
    this.place = place;
    this.name = name;
  }

  write(value: string): void {
    if (value === this.shown) return;
    this.shown = value;
    this.place.setAttribute(this.name, value);
  }
}

/** The places of a row that are written into, and what times are counted from. */
class Cells {
  private readonly tone: Mark;
  private readonly sign: Slot;
  private readonly word: Slot;
  private readonly besides: Slot;
  private readonly since: Slot;
  private readonly left: Slot;
  private readonly wrapUp: HTMLElement;
  private readonly with: Slot;
  private readonly queues: { in: Mark; next: Mark }[];
  private begun = 0;
  private ends: number | null = null;
  private readonly i18n: I18n;
  private readonly say: (reason: string) => string;

  constructor(row: HTMLTableRowElement, i18n: I18n, say: (reason: string) => string) {
    this.i18n = i18n;
    this.say = say;
    // Where a row has no such cell, what is written goes nowhere.
    const cell = (name: string): HTMLElement =>
      row.querySelector<HTMLElement>(`[data-cell="${name}"]`) ?? document.createElement("span");
    const [word, left] = [cell("word"), cell("left")];
    this.tone = new Mark(word.parentElement ?? word, "data-tone");
    this.wrapUp = left.parentElement ?? left;
    this.wrapUp.hidden = true;
    this.sign = new Slot(cell("sign"));
    this.word = new Slot(word);
    this.besides = new Slot(cell("besides"));
    this.since = new Slot(cell("since"));
    this.left = new Slot(left);
    this.with = new Slot(cell("with"));
    this.queues = [...row.querySelectorAll('[data-cell="queue"]')].map((place) => ({
      in: new Mark(place, "data-in"),
      next: new Mark(place, "data-next"),
    }));
  }

  write(agent: Agent, call: Call | undefined, queue: string | null, now: number): void {
    const t = (word: MessageDescriptor) => this.i18n._(word);
    const seen = (queue ? agent.queues.find((one) => one.queue === queue) : undefined) ?? agent;
    const lost = unreachable(agent);
    const look = STATES[seen.state];
    const busy = busyWith(agent, call, seen.state);
    const word = t(lost ? UNREACHABLE : busy ? BUSY[busy] : look.word);
    const reason = seen.state === "not_ready" && seen.reason ? `: ${this.say(seen.reason)}` : "";
    this.tone.write(lost ? "bad" : look.tone);
    this.sign.write(lost ? "⚠ " : `${look.sign} `);
    this.word.write(`${word}${reason}`);
    this.besides.write(besides(agent, call, t));
    this.with.write(call ? withWhom(agent, call, t(WITHHELD)) : "");
    agent.queues.forEach((one, at) => {
      const marks = this.queues[at];
      marks?.in.write(String(one.state !== "logged_out" && one.state !== "offline"));
      marks?.next.write(String(one.available_for_dispatch));
    });
    const until = wrapUpUntil(agent);
    const wrapped = this.ends !== null;
    this.begun = Date.parse(seen.state_since);
    this.ends = until ? Date.parse(until) : null;
    if (wrapped !== (until !== null)) this.wrapUp.hidden = until === null;
    this.tick(now);
  }

  tick(now: number): void {
    this.since.write(clock(now - this.begun));
    if (this.ends !== null) this.left.write(countdown(this.ends - now));
  }
}

const UNREACHABLE = msg`Unreachable`;
const WITHHELD = msg`number withheld`;
const BUSY: Record<Busy, MessageDescriptor> = {
  queue: msg`Queue call`,
  another: msg`Call of another queue`,
  direct: msg`Direct call`,
  outbound: msg`Call to outside`,
  internal: msg`Internal call`,
};

/** What else there is to know: invited, not to be disturbed, on hold, what comes after her call. */
function besides(agent: Agent, call: Call | undefined, t: (word: MessageDescriptor) => string): string {
  const pending = agent.queues.find((one) => one.pending)?.pending;
  const next = pending && t(pending === "logout" ? STATES.logged_out.word : STATES.not_ready.word);
  const known = [
    agent.status === "invited" && t(msg`invited`),
    !agent.registered && agent.status === "active" && t(msg`no phone`),
    agent.dnd && t(msg`do not disturb`),
    call?.held && t(msg`on hold`),
    next && t(msg`then: ${next}`),
  ].filter(Boolean);
  return known.length ? ` ${known.join(", ")}` : "";
}

/** Who is at the other end, and by which queue. */
function withWhom(agent: Agent, call: Call, withheld: string): string {
  const own = agent.extension ? ownCall(call, agent.extension) : null;
  const { number, name } = own ?? callerOf(call);
  const who = name ? apart(name) : number || withheld;
  return call.queue ? `${who} · ${call.queue}` : who;
}
