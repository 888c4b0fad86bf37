/** Acts that take a moment, and acts that are asked about once more. */
import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import { sayProblem } from "~/components/Notice/notice";

/** What a function does, once at a time, with its failure told. */
export function useDoing(): { busy: boolean; doing: (what: () => Promise<void>) => Promise<void> } {
  const [busy, setBusy] = useState(false);
  const doing = async (what: () => Promise<void>) => {
    setBusy(true);
    try {
      await what();
    } catch (problem) {
      sayProblem(problem);
    } finally {
      setBusy(false);
    }
  };
  return { busy, doing };
}

/** A button that asks once more before it hurts somebody. */
export function Surely({ ask, act, yes, busy, onYes }: {
  ask: string;
  act: string;
  yes: string;
  busy: boolean;
  onYes: () => void;
}) {
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <Button variant="default" size="xs" disabled={busy} onClick={() => setAsked(true)}>
        {act}
      </Button>
    );
  }
  return (
    <span role="group" aria-label={ask} style={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: "0.5rem" }}>
      <span>{ask}</span>
      <Button color="brick" size="xs" loading={busy} autoFocus onClick={onYes}>
        {yes}
      </Button>
      <Button variant="default" size="xs" onClick={() => setAsked(false)}>
        <Trans>No</Trans>
      </Button>
    </span>
  );
}
