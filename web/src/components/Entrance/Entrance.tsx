/** The frame of what is shown before anybody is logged in: the mark, one card, the language. */
import { useLingui } from "@lingui/react";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { choose, LANGUAGES, type Language } from "~/i18n/i18n";
import styles from "./Entrance.module.css";

export function Entrance({ title, children }: { title: string; children: ReactNode }) {
  const { i18n } = useLingui();
  useDocumentTitle(`${title} · Cordboard`);
  return (
    <div className={styles.entrance}>
      <header className={styles.mark}>
        <img src="/icon.svg" alt="" width={36} height={36} />
        <span>Cordboard</span>
      </header>
      <main id="main" className={styles.card}>
        <h1 className={styles.title}>{title}</h1>
        {children}
      </main>
      <footer className={styles.languages}>
        {(Object.keys(LANGUAGES) as Language[]).map((language) => (
          <button
            key={language}
            type="button"
            lang={language}
            className={styles.language}
            aria-pressed={i18n.locale === language}
            onClick={() => void choose(language)}
          >
            {LANGUAGES[language]}
          </button>
        ))}
      </footer>
    </div>
  );
}
