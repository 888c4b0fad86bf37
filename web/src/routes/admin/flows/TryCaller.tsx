/** Plays a caller by script in the flow as it stands on the page, saved or not; no call is made. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { Problem } from "~/components/Notice/Problem";
import { GroupCard } from "../entry/Groups";
import { entryPath, provision } from "../model/call";
import type { Entry, Json } from "../model/json";
import { type Met, met, trialTest } from "./trial";
import styles from "../Admin.module.css";

export function TryCaller({ entry }: { entry: Entry }) {
  const { t } = useLingui();
  const [script, setScript] = useState("4s keys 1");
  const [found, setFound] = useState<Met | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function play() {
    setBusy(true);
    setFound(null);
    setProblem(null);
    const lines = script.split("\n").filter((line) => line.trim() !== "");
    const body = { ...entry, tests: [trialTest(lines)] } as unknown as Json;
    try {
      await provision({ method: "PUT", path: entryPath("flows", [String(entry.number ?? "")]), body }, { dryRun: true });
      setFound({ happened: null, wrong: [] });
    } catch (refusal) {
      const what = met(refusal);
      if (what.happened || what.wrong.length > 0) setFound(what);
      else setProblem(refusal);
    } finally {
      setBusy(false);
    }
  }

  return (
    <GroupCard title={t`Try a caller`}>
      <div className={styles.stack}>
        <Textarea
          label={t`What the caller does`}
          description={t`A line each, with its time: 4s keys 1 · 9s hangs up. First what the world is like: agent 1001 busy · queue 8000 unstaffed · caller +4930555.`}
          autosize
          minRows={2}
          maxRows={10}
          spellCheck={false}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          value={script}
          onChange={({ currentTarget }) => setScript(currentTarget.value)}
        />
        <div>
          <Button size="xs" variant="default" loading={busy} leftSection={<IconPlayerPlay size={14} aria-hidden="true" />} onClick={() => void play()}>
            <Trans>Play it</Trans>
          </Button>
        </div>
        <div role="status">
          {found?.happened && (
            <>
              <span className={styles.label}>
                <Trans>At the end</Trans>
              </span>
              <ol style={{ margin: 0 }}>
                {found.happened.map((line, at) => (
                  <li key={at}>
                    <bdi>{line}</bdi>
                  </li>
                ))}
              </ol>
            </>
          )}
          {found && !found.happened && found.wrong.length === 0 && <Trans>Nothing happened.</Trans>}
        </div>
        {found && found.wrong.length > 0 && (
          <ul className={styles.plan} role="alert">
            {found.wrong.map((text) => (
              <li key={text} className={styles.goes}>
                <bdi>{text}</bdi>
              </li>
            ))}
          </ul>
        )}
        <Problem problem={problem} />
      </div>
    </GroupCard>
  );
}
