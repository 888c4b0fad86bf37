/** Lists as tables for spreadsheets: given out, and brought in with what would change shown first. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, FileButton } from "@mantine/core";
import { Dialog } from "~/components/Dialog/Dialog";
import { IconDownload, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { Refused } from "~/api/problem";
import { say, sayProblem } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { type CellFault, type Provisioned, sectionPath, send } from "../model/call";
import { isNothing } from "../model/plan";
import { Outcome, Secrets } from "../parts/Outcome";
import { ShowCall } from "../parts/ShowCall";
import { useTrial } from "../parts/trial";
import { Why } from "../parts/Why";
import styles from "../Admin.module.css";

/** Hands the browser a file to keep. */
export function keep(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

export function Export({ path, name, label }: { path: string; name: string; label?: string }) {
  const { t } = useLingui();
  const [busy, setBusy] = useState(false);
  async function give() {
    setBusy(true);
    try {
      const table = await send({ method: "GET", path, headers: { Accept: "text/csv" } });
      keep(await table.blob(), `${name}.csv`);
    } catch (problem) {
      sayProblem(problem);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Button variant="default" loading={busy} leftSection={<IconDownload size={16} aria-hidden="true" />} onClick={() => void give()}>
      {label ?? t`As a table`}
    </Button>
  );
}

export function Import({ section, label }: { section: string; label?: string }) {
  const { t } = useLingui();
  const [file, setFile] = useState<File | null>(null);
  const [made, setMade] = useState<Provisioned | null>(null);
  return (
    <>
      <FileButton accept=".csv,text/csv,text/plain" onChange={setFile} inputProps={{ "aria-label": label ?? t`Bring in a table` }}>
        {(props) => (
          <Button variant="default" leftSection={<IconUpload size={16} aria-hidden="true" />} {...props}>
            {label ?? t`Bring in a table`}
          </Button>
        )}
      </FileButton>
      <Dialog
        opened={file !== null}
        onClose={() => setFile(null)}
        size="lg"
        title={t`What the table would change`}
      >
        {file && (
          <Table
            key={`${file.name}-${file.lastModified}`}
            section={section}
            file={file}
            onClose={() => setFile(null)}
            onDone={(done) => {
              setFile(null);
              setMade(done);
            }}
          />
        )}
      </Dialog>
      <Secrets made={made} onClose={() => setMade(null)} />
    </>
  );
}

interface TableProps {
  section: string;
  file: File;
  onClose(): void;
  onDone(made: Provisioned): void;
}

function Table({ section, file, onClose, onDone }: TableProps) {
  const { t } = useLingui();
  const call = {
    method: "POST" as const,
    path: `${sectionPath(section)}/import`,
    headers: { "Content-Type": "text/csv" },
    file: file.name,
  };

  const { tried, problem, busy, why, setWhy, apply } = useTrial(call, file, (made) => {
    say(t`The table is in.`);
    onDone(made);
  });
  // Whole: what stands in a name is no markup.
  const from = <bdi>{file.name}</bdi>;
  const cells: readonly CellFault[] = problem instanceof Refused ? (problem.document?.cells ?? []) : [];
  return (
    <div className={styles.stack}>
      <p className={styles.hint}>
        <Trans>
          From {from}. What the table does not name stays as it is; nothing is removed.
        </Trans>
      </p>
      {tried && <Outcome made={tried} />}
      {cells.length > 0 ? <Cells cells={cells} /> : <Problem problem={problem} />}
      {tried && !isNothing(tried.plan) && <Why value={why} onChange={setWhy} />}
      <div className={styles.buttons}>
        <ShowCall call={() => call} />
        <Button variant="default" onClick={onClose}>
          <Trans>Change nothing</Trans>
        </Button>
        <Button loading={busy} disabled={!tried || isNothing(tried.plan)} onClick={apply}>
          <Trans>Bring it in</Trans>
        </Button>
      </div>
    </div>
  );
}

/** What is wrong, cell by cell: to be mended in the spreadsheet. */
function Cells({ cells }: { cells: readonly CellFault[] }) {
  const { t } = useLingui();
  return (
    <div role="alert">
      <p style={{ margin: 0 }}>
        <Trans>Nothing was changed. Mend these places in the table, then bring it in again.</Trans>
      </p>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={t`Places to mend`}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t`Line`}</th>
              <th scope="col">{t`Column`}</th>
              <th scope="col">{t`What is wrong`}</th>
            </tr>
          </thead>
          <tbody>
            {cells.map(({ line, column, name, text }, at) => (
              <tr key={at}>
                <td>{line || "–"}</td>
                <td>
                  <bdi>{name ?? column ?? "–"}</bdi>
                </td>
                <td>
                  <bdi>{text}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
