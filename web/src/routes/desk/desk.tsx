/** An agent's desk: how she stands, her calls, her queues, and what was. */
import { useLingui } from "@lingui/react/macro";
import { createLazyRoute } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Empty, Page } from "~/components/Page/Page";
import { useAgent, useCalls, useLiveStatus } from "~/live/live";
import { usePhone } from "~/softphone/phone";
import { personOf, useMe } from "~/api/me";
import { later } from "~/components/Later/Later";
import { Calls } from "./call/Calls";
import { unsaved } from "./call/drafts";
import { WrapUp } from "./call/WrapUp";
import { More } from "./history/More";
import { ownCalls } from "~/live/own";
import { MyQueues } from "./queues/MyQueues";
import { WhyNoCall } from "./queues/WhyNoCall";
import { PhoneBar } from "./shift/PhoneBar";
import { useResume } from "./shift/resume";
import { StartShift } from "./shift/StartShift";
import { Shortcuts } from "./shortcuts/Shortcuts";
import { StateCard } from "./state/StateCard";
import styles from "./desk.module.css";

const Unsaved = later(() => import("./call/Unsaved").then((part) => part.Unsaved));

export const page = createLazyRoute("/inside/desk")({ component: Desk });

function Desk() {
  const { t } = useLingui();
  const { extension } = useMe();
  const { known } = useLiveStatus();
  const agent = useAgent(extension);
  if (!extension || (known && !agent)) {
    return (
      <Page title={t`Desk`}>
        <section className="card">
          <Empty title={t`There is no desk for you`}>
            {t`A desk needs an agent with an extension. An administrator can give you one.`}
          </Empty>
        </section>
      </Page>
    );
  }
  return <Page title={t`Desk`} quiet>{agent && <Whole extension={extension} />}</Page>;
}

/** What she has noted and not saved, as soon as there is time for it. */
function Left({ quiet }: { quiet: boolean }) {
  const person = personOf(useMe());
  const [opened, setOpened] = useState(false);
  useEffect(() => setOpened(quiet && unsaved(person).length > 0), [quiet, person]);
  return <Unsaved key={person} person={person} opened={opened} onClose={() => setOpened(false)} />;
}

function Whole({ extension }: { extension: string }) {
  const phone = usePhone();
  const agent = useAgent(extension);
  const own = ownCalls(useCalls(), extension);
  useResume(agent, extension);
  if (!agent) return null;
  const rings = own.some((one) => one.part === "ringing");
  return (
    <>
      <PhoneBar />
      <div className={styles.desk} data-ringing={rings}>
        <div className={styles.column}>
          <div className={styles.state}>
            <StateCard agent={agent} extension={extension} />
          </div>
          <div className={styles.queues}>
            <MyQueues agent={agent} extension={extension} />
          </div>
          <div className={styles.why}>
            <WhyNoCall agent={agent} extension={extension} />
          </div>
        </div>
        <div className={styles.column}>
          <div className={`${styles.calls} ${styles.stack}`}>
            <WrapUp agent={agent} extension={extension} own={own} />
            {phone.mode === null && own.length === 0 ? (
              <StartShift extension={extension} />
            ) : (
              <Calls own={own} extension={extension} />
            )}
            <Left quiet={own.length === 0 && agent.state !== "wrap_up"} />
          </div>
          <div className={styles.more}>
            <More extension={extension} />
          </div>
        </div>
      </div>
      <Shortcuts agent={agent} extension={extension} own={own} />
    </>
  );
}
