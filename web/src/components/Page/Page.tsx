/** The frame of a page: its title for eyes, ears and the browser's tab, its actions, its content. */
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import styles from "./Page.module.css";

interface Props {
  title: string;
  actions?: ReactNode;
  /** The title is only heard: the page shows by itself what it is. */
  quiet?: boolean;
  children: ReactNode;
}

export function Page({ title, actions, quiet, children }: Props) {
  useDocumentTitle(`${title} · Cordboard`);
  return (
    <main id="main" className={styles.page} tabIndex={-1}>
      <div className={quiet ? "visually-hidden" : styles.head}>
        <h1 className={styles.title}>{title}</h1>
        {actions}
      </div>
      {children}
    </main>
  );
}

/** What is shown where there is nothing: why, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p className={styles.emptyTitle}>{title}</p>
      {children && <p>{children}</p>}
    </div>
  );
}
