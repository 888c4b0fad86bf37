/** The areas on narrow screens. */
import { useLingui } from "@lingui/react/macro";
import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./Shell.module.css";

interface Props {
  opened: boolean;
  onClose(): void;
  children: ReactNode;
}

export function AreasDrawer({ opened, onClose, children }: Props) {
  const { t } = useLingui();
  return (
    <Drawer.Root opened={opened} onClose={onClose} size="16rem">
      <Drawer.Overlay />
      <Drawer.Content aria-label={t`Menu`}>
        <div className={styles.drawerHead}>
          <Drawer.CloseButton aria-label={t`Close`} />
        </div>
        <nav className={styles.drawer} aria-label={t`Areas`} onClick={onClose}>
          {children}
        </nav>
      </Drawer.Content>
    </Drawer.Root>
  );
}
