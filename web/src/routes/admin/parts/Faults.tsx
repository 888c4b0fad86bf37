/** What the server found wrong that belongs to no field that is shown. */
import { Trans } from "@lingui/react/macro";
import { Refused } from "~/api/problem";
import { Problem } from "~/components/Notice/Problem";
import type { Fault } from "../model/call";
import problemStyles from "~/components/Notice/Problem.module.css";

/** The faults of a refusal, if it has any. */
export const faultsOf = (problem: unknown): readonly Fault[] =>
  problem instanceof Refused ? (problem.document?.faults ?? []) : [];

/** A refusal that has faults is shown by them: each in its field, and here those that have none. */
export function FormProblem({ problem, fields }: { problem: unknown; fields: readonly string[] }) {
  const faults = faultsOf(problem);
  if (!problem) return null;
  if (faults.length === 0) return <Problem problem={problem} />;
  const placed = (fault: Fault): boolean => fields.includes(fault.pointer.split("/")[1] ?? "");
  const lost = faults.filter((fault) => !placed(fault));
  return (
    <div className={problemStyles.problem} role="alert">
      <span>
        {lost.length < faults.length ? (
          <Trans>This cannot be saved yet. Look at the fields marked above.</Trans>
        ) : (
          <Trans>This cannot be saved yet:</Trans>
        )}
      </span>
      {lost.length > 0 && (
        <ul style={{ margin: 0, paddingInlineStart: "1.2rem" }}>
          {lost.map(({ text }) => (
            <li key={text}>
              <bdi>{text}</bdi>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
