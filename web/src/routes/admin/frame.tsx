/** The frame of administration: the menu of its pages at the side, or as a choice where there is no room. */
import { useLingui } from "@lingui/react/macro";
import { NativeSelect } from "@mantine/core";
import { createLazyRoute, Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { may } from "~/api/session";
import { useMe } from "~/api/me";
import { PARTS } from "./model/areas";
import { section } from "./model/sections";
import styles from "./Admin.module.css";

export const page = createLazyRoute("/inside/admin")({ component: Frame });

interface Entry {
  to: string;
  word: string;
}

function Frame() {
  const { t, i18n } = useLingui();
  const me = useMe();
  const here = useLocation({ select: ({ pathname }) => pathname });
  const go = useNavigate();
  const parts = PARTS.map(({ title, ways }) => ({
    title: i18n._(title),
    entries: ways.flatMap((way): Entry[] => {
      if (typeof way !== "string") return !way.right || may(me, way.right) ? [{ to: way.to, word: i18n._(way.word) }] : [];
      const known = section(way);
      return known ? [{ to: `/admin/${way}`, word: i18n._(known.title) }] : [];
    }),
  })).filter(({ entries }) => entries.length > 0);
  const all = parts.flatMap(({ entries }) => entries);
  const current = all
    .filter(({ to }) => here === to || (to !== "/admin" && here.startsWith(`${to}/`)))
    .sort((a, b) => b.to.length - a.to.length)[0];
  return (
    <div className={styles.frame}>
      <nav className={styles.side} aria-label={t`Administration`}>
        {parts.map(({ title, entries }) => (
          <section key={title} className={styles.part}>
            <h2 className={styles.partTitle}>{title}</h2>
            {entries.map(({ to, word }) => (
              <Link key={to} to={to} className={styles.way} activeOptions={{ exact: to === "/admin", includeSearch: false }}>
                {word}
              </Link>
            ))}
          </section>
        ))}
      </nav>
      <nav className={styles.choice} aria-label={t`Administration`}>
        <NativeSelect
          aria-label={t`Page of the administration`}
          value={current?.to ?? ""}
          onChange={({ currentTarget }) => void go({ to: currentTarget.value })}
          data={parts.map(({ title, entries }) => ({
            group: title,
            items: entries.map(({ to, word }) => ({ value: to, label: word })),
          }))}
        />
      </nav>
      <div className={styles.content}>
        <Outlet />
      </div>
    </div>
  );
}
