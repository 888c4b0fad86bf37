/** The frame while a second factor is due: the server refuses everything else, so nothing else is asked for or shown. */
import { Link, Outlet } from "@tanstack/react-router";
import type { Me } from "~/api/session";
import { UserMenu } from "./UserMenu";
import styles from "./Shell.module.css";

export function Bare({ me }: { me: Me }) {
  return (
    <>
      <header className={styles.head}>
        <Link to="/account" className={styles.mark} aria-label="Cordboard">
          <img src="/icon.svg" alt="" width={28} height={28} />
          <span className={styles.name}>Cordboard</span>
        </Link>
        <span className={styles.grow} />
        <UserMenu me={me} />
      </header>
      <Outlet />
    </>
  );
}
