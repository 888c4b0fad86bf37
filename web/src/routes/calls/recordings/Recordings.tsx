/** What was said in a call: each talk, heard when it is asked for, kept as a file, removed for good. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Loader } from "@mantine/core";
import { IconDownload, IconHeadphones, IconTrash } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useMe } from "~/api/me";
import type { Schemas } from "~/api/client";
import { may } from "~/api/session";
import { useNames } from "~/components/Call/Decisions";
import { Dialog } from "~/components/Dialog/Dialog";
import { useDoing } from "~/components/Doing/Doing";
import { useSettled } from "~/components/Doing/settled";
import { Problem } from "~/components/Notice/Problem";
import { clock, timeOfDay } from "~/i18n/time";
import type { Call } from "~/live/fold";
import { Player } from "./Player";
import { type Heard, useTalk } from "./talk";
import calls from "../calls.module.css";
import styles from "./recordings.module.css";

type Recording = Schemas["RecordingItem"];

export function Recordings({ call }: { call: Call }) {
  const me = useMe();
  if (!may(me, "recordings") || call.recordings.length === 0) return null;
  return (
    <section className={`card ${calls.section}`} aria-labelledby="recordings">
      <h2 id="recordings">
        <Trans>Recordings</Trans>
      </h2>
      <p className={styles.hint}>
        <Trans>It is noted who listens to them, and who removes them.</Trans>
      </p>
      <ul className={styles.talks}>
        {call.recordings.map((recording) => (
          <Talk key={recording.id} call={call} recording={recording} />
        ))}
      </ul>
    </section>
  );
}

function Talk({ call, recording }: { call: Call; recording: Recording }) {
  const { t } = useLingui();
  const names = useNames();
  const talk = useTalk(call.id, recording.id);
  const { heard } = talk;
  const [asking, setAsking] = useState(false);
  const row = useRef<HTMLLIElement>(null);
  const { from, until, agent } = recording;
  const who = agent ? names(agent) : t`not with an agent`;
  const when = timeOfDay(from);
  // Of a call that broke off with the server the end is not known.
  const goesOn = !until && call.state !== "ended";
  const length = until ? clock(Date.parse(until) - Date.parse(from)) : "–";
  const over = heard.is === "lost" || heard.is === "removed";
  return (
    <li className={styles.talk} ref={row}>
      <div className={styles.row}>
        <span className={styles.about}>
          <strong>{when}</strong> · {goesOn ? <Trans>goes on</Trans> : length} · <bdi>{who}</bdi>
        </span>
        {!goesOn && !over && <Acts talk={talk} name={`${when}, ${who}`} onRemove={() => setAsking(true)} />}
      </div>
      <Said heard={heard} />
      {heard.is === "loaded" && (
        <Player
          sound={heard.sound}
          plays={heard.plays}
          focus={heard.plays && (row.current?.contains(document.activeElement) ?? false)}
          names={[t`Caller`, agent ? who : t`Other side`]}
        />
      )}
      <Dialog opened={asking && !over} onClose={() => setAsking(false)} title={t`Remove the recording?`}>
        <ForGood remove={talk.remove} onClose={() => setAsking(false)} />
      </Dialog>
    </li>
  );
}

function Acts({ talk, name, onRemove }: { talk: ReturnType<typeof useTalk>; name: string; onRemove: () => void }) {
  const { t } = useLingui();
  const { heard } = talk;
  const loading = heard.is === "loading";
  // Buttons come, go and change their meaning with what is heard; the keyboard stays on them, so they are the same ones.
  const settled = useSettled(heard.is);
  const meant = (act: () => unknown) => () => {
    if (settled()) act();
  };
  return (
    <span className={styles.acts}>
      {heard.is !== "loaded" && (
        // Not disabled while it loads: the keyboard would fall off it.
        <Button
          size="compact-sm"
          aria-label={loading ? t`Loading: ${name}` : t`Listen: ${name}`}
          leftSection={loading ? <Loader size={14} color="currentColor" /> : <IconHeadphones size={16} aria-hidden="true" />}
          onClick={loading ? undefined : meant(talk.listen)}
        >
          {loading ? <Trans>Loading</Trans> : <Trans>Listen</Trans>}
        </Button>
      )}
      {loading ? (
        <Button size="compact-sm" variant="default" aria-label={t`Cancel: ${name}`} onClick={meant(talk.cancel)}>
          <Trans>Cancel</Trans>
        </Button>
      ) : (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={t`Download: ${name}`}
          leftSection={<IconDownload size={16} aria-hidden="true" />}
          onClick={meant(talk.download)}
        >
          <Trans>Download</Trans>
        </Button>
      )}
      <Button
        size="compact-sm"
        variant="subtle"
        c="var(--bad)"
        aria-label={t`Remove: ${name}`}
        leftSection={<IconTrash size={16} aria-hidden="true" />}
        onClick={meant(onRemove)}
      >
        <Trans>Remove</Trans>
      </Button>
    </span>
  );
}

/** What became of a wish; read aloud, and where the keyboard stands after its button is gone. */
function Said({ heard }: { heard: Heard }) {
  const place = useRef<HTMLParagraphElement>(null);
  const removed = heard.is === "removed";
  useEffect(() => {
    if (removed) place.current?.focus();
  }, [removed]);
  if (heard.is === "failed") return <Problem problem={heard.problem} />;
  return (
    <div role="status" className={styles.said}>
      {heard.is === "lost" && (
        <p className={styles.hint}>
          <Trans>There is no sound of it: it is no longer kept, was removed, or nobody said anything.</Trans>
        </p>
      )}
      {removed && (
        <p className={styles.hint} tabIndex={-1} ref={place}>
          <Trans>Removed for good.</Trans>
        </p>
      )}
    </div>
  );
}

function ForGood({ remove, onClose }: { remove: () => Promise<void>; onClose: () => void }) {
  const { busy, doing } = useDoing();
  return (
    <div className={styles.surely}>
      <p>
        <Trans>
          It is removed for good: nobody can hear it any more, and nothing brings it back. That there was a talk stays in the
          call's record.
        </Trans>
      </p>
      <div className={styles.acts}>
        <Button variant="default" data-autofocus onClick={onClose}>
          <Trans>Keep it</Trans>
        </Button>
        <Button color="brick" loading={busy} onClick={() => void doing(remove)}>
          <Trans>Remove for good</Trans>
        </Button>
      </div>
    </div>
  );
}
