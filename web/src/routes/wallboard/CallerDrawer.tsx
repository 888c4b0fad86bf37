/** A caller who waits: why still, and what may be done. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Drawer } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { answer, api, OWN } from "~/api/client";
import { Problem } from "~/components/Notice/Problem";
import { callerOf } from "~/live/caller";
import type { Call } from "~/live/fold";
import { useCall } from "~/live/live";
import { Decisions, useNames } from "~/components/Call/Decisions";
import { named } from "~/components/Call/why";
import { CallActs } from "~/components/Call/CallActs";
import styles from "~/styles/drawer.module.css";

const AGAIN_AFTER = 4_000;

export function CallerDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { t } = useLingui();
  const call = useCall(id);
  const known = call && callerOf(call);
  const caller = known?.name || known?.number || t`Caller`;
  return (
    <Drawer
      opened={id !== null}
      onClose={onClose}
      position="right"
      size="26rem"
      title={<bdi className={styles.title}>{caller}</bdi>}
      closeButtonProps={{ "aria-label": t`Close` }}
    >
      {call ? (
        <div className={styles.parts}>
          {call.state === "waiting" && call.queue && <StillWaiting call={call} queue={call.queue} />}
          <CallActs call={call} />
        </div>
      ) : (
        <p>
          <Trans>This call is over.</Trans>
        </p>
      )}
    </Drawer>
  );
}

function StillWaiting({ call, queue }: { call: Call; queue: string }) {
  const { t } = useLingui();
  const names = useNames();
  const why = useQuery({
    queryKey: ["why-waiting", queue, call.id, call.offered_to.join()],
    queryFn: () =>
      answer(
        api.GET("/v1/domains/{domain}/queues/{number}/waiting/{call}/why", {
          params: { path: { domain: OWN, number: queue, call: call.id } },
        }),
      ),
    refetchInterval: AGAIN_AFTER,
  });
  const decisions = useMemo(() => (why.data?.decision ? [why.data.decision] : []), [why.data]);
  const { position = 0, waiting = 0 } = why.data ?? {};
  const who = named(call.offered_to, call.offered_to.length, names);
  return (
    <section className={styles.part} aria-label={t`Why still waiting?`}>
      <h3>
        <Trans>Why still waiting?</Trans>
      </h3>
      <Problem problem={why.error} again={() => void why.refetch()} />
      {why.data && (
        <p>
          <Trans>
            Place {position} of {waiting} in the line.
          </Trans>{" "}
          {call.offered_to.length > 0 ? (
            t`Rings at ${who}.`
          ) : (
            decisions.length === 0 && <Trans>Its turn has not come: nothing has been decided about it yet.</Trans>
          )}
        </p>
      )}
      <Decisions decisions={decisions} />
    </section>
  );
}
