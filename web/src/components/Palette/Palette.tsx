/** One field for everything: typed, chosen with the arrows, done with Enter. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Modal } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useId, useMemo, useState } from "react";
import { useMe } from "~/api/me";
import { CALL_STATES } from "~/components/Call/words";
import { say } from "~/components/Notice/notice";
import { StateChip } from "~/components/StateChip/StateChip";
import { useNotReadyChoices } from "~/components/StateChip/reasons";
import { act, transfer } from "~/live/acts";
import { useAgents, useCalls, useQueues } from "~/live/live";
import { useSteady } from "~/live/steady";
import { useDial } from "~/softphone/dial";
import { useAct } from "~/softphone/own";
import { usePhone } from "~/softphone/phone";
import { type Deed, entries, type Entry, type Group, type Place } from "./entries";
import styles from "./Palette.module.css";

interface Props {
  opened: boolean;
  onClose(): void;
  /** More pages than the areas; asked for when the palette opens. */
  places(): Promise<Place[]>;
}

type Act = (deed: Exclude<Deed, { kind: "go" }>) => void;

export function Palette({ opened, onClose, places }: Props) {
  const { t } = useLingui();
  const { extension } = useMe();
  return (
    <Modal.Root opened={opened} onClose={onClose} size="lg" yOffset="10vh">
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Title className="visually-hidden">{t`Search and commands`}</Modal.Title>
        {extension ? (
          <OfAgent extension={extension} onClose={onClose} places={places} />
        ) : (
          <Body act={nothing} onClose={onClose} places={places} />
        )}
      </Modal.Content>
    </Modal.Root>
  );
}

const nothing: Act = () => {};
const idOf = ({ id }: Entry): string => id;

/** Who has an extension calls, gives calls away, and changes her own state. */
function OfAgent({ extension, ...more }: { extension: string } & Omit<Props, "opened">) {
  const { t } = useLingui();
  const dial = useDial(extension);
  const phone = usePhone();
  const change = useAct(extension);
  const does: Act = (deed) => {
    switch (deed.kind) {
      case "dial":
        return void dial(deed.to);
      case "transfer": {
        const { name } = deed;
        return void transfer(deed.call, deed.to).then((done) => done && say(t`Transferred to ${name}.`));
      }
      case "state":
        return void change(deed.verb, { reason: deed.reason });
      case "leave":
        return void act(extension, "logout").then((done) => done && phone.finish());
    }
  };
  return <Body act={does} {...more} />;
}

function Body({ act: does, onClose, places }: { act: Act } & Omit<Props, "opened">) {
  const { t, i18n } = useLingui();
  const me = useMe();
  const go = useNavigate();
  const id = useId();
  const [text, setText] = useState("");
  const [mark, setMark] = useState<string | null>(null);
  const known = usePlaces(places);
  const reasons = useNotReadyChoices();
  const [agents, queues, calls] = [useAgents(), useQueues(), useCalls()];
  const fresh = useMemo(
    () => entries({ me, agents, queues, calls, reasons, places: known, callState: (call) => i18n._(CALL_STATES[call.state]) }, text),
    [me, agents, queues, calls, reasons, known, i18n, text],
  );
  // Whoever looks and presses Enter gets what she saw, whatever changes meanwhile.
  const found = useSteady(fresh, text, idOf);
  const at = Math.max(0, found.findIndex((entry) => entry.id === mark));
  const chosen = found[at];
  const optionId = (entry: Entry) => `${id}-${found.indexOf(entry)}`;

  useEffect(() => {
    if (chosen) document.getElementById(`${id}-${found.indexOf(chosen)}`)?.scrollIntoView({ block: "nearest" });
  }, [chosen, found, id]);

  const choose = ({ deed }: Entry) => {
    onClose();
    if (deed.kind !== "go") return does(deed);
    void go({ to: deed.to, ...(deed.search ? { search: deed.search } : {}) });
  };
  const steps: Record<string, () => number> = {
    ArrowDown: () => (at + 1) % found.length,
    ArrowUp: () => (at - 1 + found.length) % found.length,
    PageDown: () => Math.min(at + PAGE, found.length - 1),
    PageUp: () => Math.max(at - PAGE, 0),
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || found.length === 0) return;
    const step = steps[event.key];
    if (step) setMark(found[step()]?.id ?? null);
    else if (event.key === "Enter" && chosen) choose(chosen);
    else return;
    event.preventDefault();
  };
  const count = found.length;
  return (
    <div className={styles.palette}>
      <input
        data-autofocus
        className={styles.input}
        role="combobox"
        aria-label={t`Search and commands`}
        aria-expanded={count > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(chosen ? { "aria-activedescendant": optionId(chosen) } : {})}
        placeholder={t`A colleague, a number, a page, a state …`}
        maxLength={TEXT_MAX}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setMark(null);
        }}
        onKeyDown={pressed}
      />
      <span className="visually-hidden" role="status">
        {count === 0 ? t`Nothing found` : t`${count} found`}
      </span>
      {count === 0 ? (
        <p className={styles.none}>
          <Trans>Nothing is called so, and it is no number.</Trans>
        </p>
      ) : (
        <div className={styles.list} id={`${id}-list`} role="listbox" aria-label={t`Search and commands`}>
          {groupsOf(found).map(([group, some]) => (
            <div key={group} role="group" aria-labelledby={`${id}-${group}`}>
              <div className={styles.group} id={`${id}-${group}`} role="presentation">
                <GroupWord group={group} />
              </div>
              {some.map((entry) => (
                <div
                  key={entry.id}
                  id={optionId(entry)}
                  role="option"
                  aria-selected={entry === chosen}
                  className={styles.option}
                  // The field keeps the focus.
                  onMouseDown={(event) => event.preventDefault()}
                  onMouseMove={() => entry !== chosen && setMark(entry.id)}
                  onClick={() => choose(entry)}
                >
                  <Shown entry={entry} />
                </div>
              ))}
            </div>
          ))}
        </div>
      )}
      <p className={styles.keys} aria-hidden="true">
        <kbd>↑</kbd> <kbd>↓</kbd> <Trans>choose</Trans> · <kbd>Enter</kbd> <Trans>do it</Trans> · <kbd>Esc</kbd> <Trans>close</Trans>
      </p>
    </div>
  );
}

const PAGE = 8;
const TEXT_MAX = 100;

function groupsOf(found: Entry[]): [Group, Entry[]][] {
  const groups = new Map<Group, Entry[]>();
  for (const entry of found) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
  return [...groups];
}

function GroupWord({ group }: { group: Group }) {
  switch (group) {
    case "people":
      return <Trans>People and queues</Trans>;
    case "state":
      return <Trans>Your state</Trans>;
    case "pages":
      return <Trans>Go to</Trans>;
    case "lookup":
      return <Trans>Look up</Trans>;
  }
}

function Shown({ entry: { label, target, detail } }: { entry: Entry }) {
  const waiting = target?.kind === "queue" ? target.waiting : 0;
  return (
    <>
      <span className={styles.label}>
        {label} {target && target.kind !== "number" && <small>{target.number}</small>}
      </span>
      {detail && <small>{detail}</small>}
      {target?.kind === "agent" && <StateChip state={target.state} />}
      {target?.kind === "queue" && (
        <small>
          <Trans>Queue, {waiting} waiting</Trans>
        </small>
      )}
    </>
  );
}

const NO_PLACES: Place[] = [];

/** Whatever cannot be loaded now is no page to go to. */
function usePlaces(ask: () => Promise<Place[]>): Place[] {
  const [known, setKnown] = useState(NO_PLACES);
  useEffect(() => {
    let over = false;
    ask().then(
      (places) => !over && setKnown(places),
      () => {},
    );
    return () => {
      over = true;
    };
  }, [ask]);
  return known;
}
