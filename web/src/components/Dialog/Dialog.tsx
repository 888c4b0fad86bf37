/** What comes before the page until it is done or closed: a title, a way out, its content. */
import { useLingui } from "@lingui/react/macro";
import { Modal, type ModalRootProps } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./Dialog.module.css";

interface Props extends Pick<ModalRootProps, "opened" | "onClose" | "size" | "closeOnClickOutside"> {
  title: string;
  children: ReactNode;
}

/** Not `Modal` as a whole: its head is a landmark, of which a page has one already. */
export function Dialog({ title, children, ...root }: Props) {
  const { t } = useLingui();
  return (
    <Modal.Root {...root}>
      <Modal.Overlay />
      <Modal.Content>
        <div className={styles.head}>
          <Modal.Title className={styles.title!}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t`Close`} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
