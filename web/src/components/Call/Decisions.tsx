/** Routing decisions, one below the other: what was decided, because of what, who else could have had the call. */
import { Trans, useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { useAgents } from "~/live/live";
import { clock, timeOfDay } from "~/i18n/time";
import { type Decision, type Names, namesOf, why } from "./why";
import { STRATEGIES } from "./words";
import styles from "./Decisions.module.css";

/** Somebody's name, as she is called now. */
export function useNames(): Names {
  const agents = useAgents();
  return useMemo(() => {
    const known = new Map(agents.map((agent) => [agent.extension, `${agent.name} (${agent.extension})`]));
    return (extension) => known.get(extension) ?? extension;
  }, [agents]);
}

export function Decisions({ decisions }: { decisions: Decision[] }) {
  const now = useNames();
  const names = useMemo(() => namesOf(decisions, now), [decisions, now]);
  return (
    <ol className={styles.decisions}>
      {decisions.map((decision, n) => (
        <li key={`${decision.at}-${n}`}>
          <DecisionView decision={decision} names={names} />
        </li>
      ))}
    </ol>
  );
}

function DecisionView({ decision, names }: { decision: Decision; names: Names }) {
  const { i18n } = useLingui();
  const told = why(decision, names);
  const at = timeOfDay(decision.at);
  const all = decision.candidate_count;
  const strategy = i18n._(STRATEGIES[decision.strategy]);
  return (
    <article className={styles.decision}>
      <p className={styles.when}>
        <span>{at}</span>
        <span className={styles.queue}>
          {decision.queue_name} · {decision.queue}
        </span>
      </p>
      <p className={styles.decided}>
        <strong>{told.decided}</strong> {told.because} {told.needs}
      </p>
      {decision.candidates.length > 1 && (
        <details className={styles.more}>
          <summary>
            <Trans>All {all} who could have had it</Trans>
          </summary>
          <p>
            <Trans>Best first. Order of this queue: {strategy}.</Trans>
          </p>
          <Candidates decision={decision} names={names} />
        </details>
      )}
      {told.excluded.length > 0 && (
        <div className={styles.more}>
          <p>
            <Trans>Not considered</Trans>
          </p>
          <ul>
            {told.excluded.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </div>
      )}
    </article>
  );
}

function Candidates({ decision, names }: { decision: Decision; names: Names }) {
  return (
    <ol>
      {decision.candidates.map((candidate) => (
        <li key={candidate.agent}>
          {names(candidate.agent)} <span className={styles.facts}>{facts(candidate)}</span>
        </li>
      ))}
    </ol>
  );

  function facts({ idle_seconds, skill_level, tier, answered }: Decision["candidates"][number]) {
    const idle = clock(idle_seconds * 1000);
    return (
      <>
        <Trans>free for {idle}</Trans>
        {skill_level != null && (
          <>
            {" · "}
            <Trans>skill level {skill_level}</Trans>
          </>
        )}
        {tier != null && (
          <>
            {" · "}
            <Trans>tier {tier}</Trans>
          </>
        )}
        {answered != null && (
          <>
            {" · "}
            <Trans>{answered} answered</Trans>
          </>
        )}
      </>
    );
  }
}
