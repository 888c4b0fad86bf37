/** Where a prompt is played: each place leads to its form. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { labelOf } from "../parts/words";
import { type Place, placeOf } from "./places";
import styles from "../Admin.module.css";

const KINDS: Record<string, { section: string; shape: string; word: MessageDescriptor }> = {
  agent: { section: "agents", shape: "Agent", word: msg`Agent` },
  flow: { section: "flows", shape: "Flow", word: msg`Flow` },
  number: { section: "numbers", shape: "Did", word: msg`Number` },
  playlist: { section: "playlists", shape: "Playlist", word: msg`Playlist` },
  queue: { section: "queues", shape: "Queue", word: msg`Queue` },
  ring_group: { section: "ring_groups", shape: "RingGroup", word: msg`Ring group` },
};

export function Used({ places }: { places: string[] }) {
  const { t } = useLingui();
  if (places.length === 0) return <span className={styles.none}>{t`nothing yet`}</span>;
  return (
    <ul className={styles.used}>
      {[...new Set(places)].map((place) => (
        <li key={place}>
          <One place={placeOf(place)} text={place} />
        </li>
      ))}
    </ul>
  );
}

function One({ place, text }: { place: Place | null; text: string }) {
  const { i18n } = useLingui();
  const kind = place && KINDS[place.kind];
  if (!place || !kind) return text;
  const { section, shape, word } = kind;
  return (
    <>
      <Link to="/admin/$section/edit/$key" params={{ section, key: place.key }} className={styles.key}>
        {i18n._(word)} {place.key}
      </Link>{" "}
      <span className={styles.none}>
        {place.step !== null && `${place.step} · `}
        {labelOf({ shape, name: place.field })}
      </span>
    </>
  );
}
