/** What is known of a caller from before: his last calls, whom he talked to, and what was noted. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { api, list, OWN, type Schemas } from "~/api/client";
import { moment } from "~/i18n/time";
import { callerOf } from "~/live/caller";
import type { Call } from "~/live/fold";
import { useAgent, useLive, useQueue } from "~/live/live";
import styles from "./call.module.css";

/** Shorter ones name nobody in particular, or a colleague. */
const NUMBER_MIN = 5;
/** So many are shown; some of what is asked for begins with the number only, or is this call. */
const [SHOWN, ASKED] = [3, 10];

export function Earlier({ call }: { call: Call }) {
  const number = call.direction === "inbound" ? callerOf(call).dial : "";
  const wanted = number.length >= NUMBER_MIN;
  const found = useQuery({
    queryKey: ["earlier-calls", number],
    queryFn: () => list(api.GET("/v1/domains/{domain}/calls", { params: { path: { domain: OWN }, query: { caller: number, limit: ASKED } } })),
    enabled: wanted,
    staleTime: 60_000,
  });
  // Nothing is in the way of answering while it is looked up, or cannot be.
  if (!wanted || !found.data) return null;
  const earlier = found.data.items.filter((one) => one.id !== call.id && one.ended_at && one.caller.number === number);
  return (
    <section className={styles.earlier}>
      <h3>{earlier.length ? <Trans>Called before</Trans> : <Trans>No earlier call from this number</Trans>}</h3>
      <ul>
        {earlier.slice(0, SHOWN).map((one) => (
          <Line key={one.id} call={one} />
        ))}
      </ul>
    </section>
  );
}

function Line({ call }: { call: Schemas["WholeCallItem"] }) {
  const { t } = useLingui();
  const live = useLive();
  const queue = useQueue(call.queue);
  const agent = useAgent(call.agent ?? "");
  const talkedTo = call.answered_at && (agent?.name ?? call.agent);
  const said = call.disposition;
  return (
    <li>
      <span>
        {moment(call.started_at, live.now())}
        {queue && ` · ${queue.name}`}
        {" · "}
        {talkedTo ? <bdi>{talkedTo}</bdi> : t`not answered`}
      </span>
      {said && (
        <span className={styles.said}>
          {[said.label ?? said.code, said.notes].filter(Boolean).join(": ")}
        </span>
      )}
    </li>
  );
}
