/**
 * A list whose order counts: moved by dragging, or by keys. The handle of each is a button; on it the arrows move, and
 * what happened is said.
 */
import { useLingui } from "@lingui/react/macro";
import { ActionIcon } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconGripVertical, IconX } from "@tabler/icons-react";
import { type ReactNode, useRef, useState } from "react";
import { moved } from "../model/json";
import styles from "../Admin.module.css";

interface Props<T> {
  label: string;
  items: readonly T[];
  /** What one is called, to tell it apart. */
  name(item: T): string;
  onChange(items: T[]): void;
  render(item: T, at: number): ReactNode;
  /** Only whole lists have an order that can be changed by hand. */
  fixed?: boolean;
}

export function Ordered<T>({ label, items, name, onChange, render, fixed = false }: Props<T>) {
  const { t } = useLingui();
  const [held, setHeld] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const rows = useRef<HTMLUListElement>(null);

  function move(from: number, to: number) {
    const item = items[from];
    if (item === undefined || to < 0 || to >= items.length || from === to) return;
    onChange(moved(items, from, to));
    const [what, place, count] = [name(item), to + 1, items.length];
    setSaid(t`${what} is now at place ${place} of ${count}.`);
    // The handle goes along, so that one can go on.
    requestAnimationFrame(() => rows.current?.querySelectorAll<HTMLElement>("[data-handle]")[to]?.focus());
  }

  return (
    <>
      <ul className={styles.rows} aria-label={label} ref={rows}>
        {items.map((item, at) => {
          const what = name(item);
          return (
            <li
              key={`${at}-${what}`}
              className={styles.item}
              data-held={held === at}
              data-over={over === at && held !== null && held !== at}
              onDragOver={(event) => {
                if (held === null) return;
                event.preventDefault();
                setOver(at);
              }}
              onDrop={(event) => {
                event.preventDefault();
                if (held !== null) move(held, at);
                setHeld(null);
                setOver(null);
              }}
            >
              {!fixed && (
                <ActionIcon
                  className={styles.handle!}
                  variant="subtle"
                  color="gray"
                  draggable
                  data-handle
                  aria-label={t`Move ${what}: arrow keys`}
                  onDragStart={(event) => {
                    event.dataTransfer.effectAllowed = "move";
                    event.dataTransfer.setData("text/plain", what);
                    setHeld(at);
                  }}
                  onDragEnd={() => {
                    setHeld(null);
                    setOver(null);
                  }}
                  onKeyDown={(event) => {
                    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
                    if (by === 0) return;
                    event.preventDefault();
                    move(at, at + by);
                  }}
                >
                  <IconGripVertical size={16} aria-hidden="true" />
                </ActionIcon>
              )}
              <div className={styles.itemText}>{render(item, at)}</div>
              {!fixed && (
                <>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t`Move ${what} up`}
                    disabled={at === 0}
                    onClick={() => move(at, at - 1)}
                  >
                    <IconArrowUp size={16} aria-hidden="true" />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t`Move ${what} down`}
                    disabled={at === items.length - 1}
                    onClick={() => move(at, at + 1)}
                  >
                    <IconArrowDown size={16} aria-hidden="true" />
                  </ActionIcon>
                </>
              )}
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t`Remove ${what}`}
                onClick={() => onChange(items.filter((_, other) => other !== at))}
              >
                <IconX size={16} aria-hidden="true" />
              </ActionIcon>
            </li>
          );
        })}
      </ul>
      <span className="visually-hidden" aria-live="polite">
        {said}
      </span>
    </>
  );
}
