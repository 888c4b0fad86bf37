/** A problem where it arose: in a form, or instead of what could not be loaded. */
import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { explain, Refused } from "~/api/problem";
import styles from "./Problem.module.css";

export function Problem({ problem, again }: { problem: unknown; again?: (() => void) | undefined }) {
  if (!problem) return null;
  const id = problem instanceof Refused ? problem.requestId : null;
  return (
    <div className={styles.problem} role="alert">
      <span>{explain(problem)}</span>
      {id && (
        <small>
          <Trans>Request {id}</Trans>
        </small>
      )}
      {again && (
        <Button size="xs" variant="default" onClick={again}>
          <Trans>Try again</Trans>
        </Button>
      )}
    </div>
  );
}
