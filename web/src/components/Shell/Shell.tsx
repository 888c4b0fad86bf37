/** The frame around every page of somebody who is logged in: where she can go, how she stands, how old the data is. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Burger } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { Link, Outlet } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Me } from "~/api/session";
import { StateChip } from "~/components/StateChip/StateChip";
import { LiveMark, StaleBanner } from "~/components/LiveMark/LiveMark";
import { MiniPhone } from "~/components/MiniPhone/MiniPhone";
import { later } from "~/components/Later/Later";
import type { Place } from "~/components/Palette/entries";
import { words } from "~/i18n/i18n";
import { useAgent } from "~/live/live";
import { type Area, AREAS } from "./areas";
import { CallAlert } from "./CallAlert";
import { UserMenu } from "./UserMenu";
import styles from "./Shell.module.css";

const AreasDrawer = later(() => import("./AreasDrawer").then((part) => part.AreasDrawer));

const loadPalette = () =>
  Promise.all([import("~/components/Palette/Palette"), words("palette"), words("calls")]).then(([part]) => part.Palette);
const Palette = later(loadPalette);
/** After this time the page stands, and what is opened by a key in a hurry is fetched before it is wanted. */
const AHEAD_TIME = 3_000;

interface Props {
  me: Me;
  /** Pages that can be gone to by their name, beside the areas. */
  places(): Promise<Place[]>;
}

export function Shell({ me, places }: Props) {
  const { t } = useLingui();
  const [open, menu] = useDisclosure(false);
  const [asked, palette] = useDisclosure(false);
  useHotkey(palette.toggle);
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette().catch(() => {}), AHEAD_TIME);
    return () => clearTimeout(timer);
  }, []);
  const areas = AREAS.filter((area) => area.shown(me));
  return (
    <>
      <a className={styles.skip} href="#main">
        <Trans>Skip to the content</Trans>
      </a>
      <header className={styles.head}>
        {areas.length > 1 && (
          <Burger className={styles.burger!} size="sm" opened={open} onClick={menu.toggle} aria-label={t`Menu`} />
        )}
        <Link to="/" className={styles.mark} aria-label="Cordboard">
          <img src="/icon.svg" alt="" width={28} height={28} />
          <span className={styles.name}>Cordboard</span>
        </Link>
        <nav className={styles.areas} aria-label={t`Areas`}>
          <Areas areas={areas} />
        </nav>
        <span className={styles.grow} />
        <span className={styles.live}>
          <LiveMark />
        </span>
        <button
          type="button"
          className={styles.search}
          title={t`Search and commands (Ctrl+K)`}
          aria-label={t`Search and commands`}
          aria-keyshortcuts="Control+K Meta+K"
          onClick={palette.open}
        >
          <IconSearch size={20} aria-hidden="true" />
        </button>
        {me.extension && <MiniPhone extension={me.extension} />}
        <OwnState extension={me.extension} />
        <UserMenu me={me} />
      </header>
      <AreasDrawer opened={open} onClose={menu.close}>
        <Areas areas={areas} />
      </AreasDrawer>
      <Palette opened={asked} onClose={palette.close} places={places} />
      <StaleBanner />
      {me.extension && <CallAlert extension={me.extension} />}
      <Outlet />
    </>
  );
}

/** Ctrl+K, or the command key where there is one; also while somebody types. */
function useHotkey(toggle: () => void): void {
  const now = useRef(toggle);
  useEffect(() => {
    now.current = toggle;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
      // The browser would look for something itself.
      event.preventDefault();
      if (!event.repeat) now.current();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

function Areas({ areas }: { areas: Area[] }) {
  const { i18n } = useLingui();
  return areas.map((area) => (
    <Link key={area.to} to={area.to} className={styles.area} activeProps={{ "aria-current": "page" }}>
      {i18n._(area.word)}
    </Link>
  ));
}

/** One's own state, on every page. */
function OwnState({ extension }: { extension: string | null | undefined }) {
  const agent = useAgent(extension);
  if (!agent) return null;
  return (
    <span data-testid="own-state" className={styles.own}>
      <StateChip state={agent.state} reason={agent.reason} since={agent.state_since} />
    </span>
  );
}
