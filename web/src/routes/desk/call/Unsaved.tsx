/** Notes of earlier calls that were never saved: she had logged out, or her login had ended. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { moment } from "~/i18n/time";
import { useLive } from "~/live/live";
import desk from "../desk.module.css";
import { dropDraft, unsaved } from "./drafts";
import { Notes, saveDraft } from "./Notes";
import styles from "./call.module.css";

interface Props {
  person: string;
  opened: boolean;
  onClose(): void;
}

export function Unsaved({ person, opened, onClose }: Props) {
  const { t } = useLingui();
  const live = useLive();
  const [found, setFound] = useState(() => unsaved(person).filter(([, { code }]) => code === null));
  const look = () => {
    const now = unsaved(person);
    setFound(now);
    if (now.length === 0) onClose();
  };
  useEffect(() => {
    if (!opened) return;
    // What is complete is saved without a word.
    const complete = unsaved(person).filter(([, { code }]) => code !== null);
    void Promise.all(complete.map(([call]) => saveDraft(person, call))).then(look);
    // Once for each time that it is shown.
  }, [opened, person]);
  if (!opened || found.length === 0) return null;
  return (
    <section className={desk.card} aria-label={t`Notes that are not saved`}>
      <div>
        <h2 className={desk.cardTitle}>
          <Trans>Notes that are not saved</Trans>
        </h2>
        <p className={desk.dim}>
          <Trans>They are in this browser only. Save them with their calls, or discard them.</Trans>
        </p>
      </div>
      {found.map(([call, { queue, who, at }]) => (
        <div key={call} className={styles.unsaved}>
          <p className={styles.of}>
            <bdi>{who || t`Number withheld`}</bdi> <span className={desk.dim}>{moment(new Date(at).toISOString(), live.now())}</span>
          </p>
          <Notes call={call} queue={queue} who={who} onSaved={look} />
          <Button
            variant="subtle"
            color="brick"
            style={{ alignSelf: "flex-start" }}
            onClick={() => {
              dropDraft(person, call);
              look();
            }}
          >
            <Trans>Discard</Trans>
          </Button>
        </div>
      ))}
    </section>
  );
}
