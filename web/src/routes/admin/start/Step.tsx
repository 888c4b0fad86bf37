/** One of the first steps: done, next, or still to come. */
import { useLingui } from "@lingui/react/macro";
import { IconCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./Start.module.css";

interface Props {
  number: number;
  title: string;
  done: boolean;
  /** What shows that it is done. */
  proof?: ReactNode;
  /** It can be done now. */
  open: boolean;
  children?: ReactNode;
}

export function Step({ number, title, done, proof, open, children }: Props) {
  const { t } = useLingui();
  return (
    <li className={styles.step} data-done={done} aria-current={open && !done ? "step" : undefined}>
      <span className={styles.mark} aria-hidden="true">
        {done ? <IconCheck size={18} /> : number}
      </span>
      <div className={styles.body}>
        <h2 className={styles.title}>
          <span>{title}</span>
          <span className="visually-hidden">{done ? t`done` : open ? t`next` : t`later`}</span>
        </h2>
        {done && proof && <div className={styles.proof}>{proof}</div>}
        {open && children}
      </div>
    </li>
  );
}

/** A check that goes on by itself: what is waited for, or that it is there. */
export function Check({ good, children }: { good: boolean; children: ReactNode }) {
  return (
    <p className={styles.check} data-good={good} role="status">
      <span className={styles.dot} aria-hidden="true" />
      {children}
    </p>
  );
}
