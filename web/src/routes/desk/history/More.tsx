/** What was: her calls, and the messages that she was left. */
import { Trans } from "@lingui/react/macro";
import { Tabs } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import desk from "../desk.module.css";
import { useMailbox } from "../voicemail/mailbox";
import { History } from "./History";
import styles from "./history.module.css";

const Voicemail = lazy(() => import("../voicemail/Voicemail").then((part) => ({ default: part.Voicemail })));

export function More({ extension }: { extension: string }) {
  const [tab, setTab] = useState<string | null>("calls");
  const { fresh, exists } = useMailbox(extension);
  return (
    <section className={desk.card}>
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="calls">
            <Trans>My calls</Trans>
          </Tabs.Tab>
          {exists && (
            <Tabs.Tab value="voicemail" rightSection={fresh > 0 && <span className={styles.count}>{fresh}</span>}>
              <Trans>Voicemail</Trans>
            </Tabs.Tab>
          )}
        </Tabs.List>
        <Tabs.Panel value="calls">
          <History extension={extension} />
        </Tabs.Panel>
        {exists && (
          <Tabs.Panel value="voicemail">
            <Suspense fallback={null}>
              <Voicemail extension={extension} />
            </Suspense>
          </Tabs.Panel>
        )}
      </Tabs>
    </section>
  );
}
