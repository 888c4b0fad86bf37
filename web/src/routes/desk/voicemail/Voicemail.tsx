/** Messages that she was left: heard here, called back, kept or deleted. */
import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Menu, Skeleton } from "@mantine/core";
import { IconDots, IconPhone, IconPlayerPlay } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { blob } from "~/api/client";
import { sayProblem } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { Empty } from "~/components/Page/Page";
import { clock, moment } from "~/i18n/time";
import { callerOfMessage } from "~/live/caller";
import { useLive } from "~/live/live";
import { useDial } from "~/softphone/dial";
import { audioPath, type Message, useMailbox } from "./mailbox";
import styles from "../history/history.module.css";

export function Voicemail({ extension }: { extension: string }) {
  const { t } = useLingui();
  const mailbox = useMailbox(extension);
  if (mailbox.pending) return <Skeleton height={160} />;
  return (
    <>
      <Problem problem={mailbox.problem} again={mailbox.again} />
      {mailbox.items.length === 0 && !mailbox.problem && (
        <Empty title={t`No messages`}>{t`Whoever leaves you a message is listed here.`}</Empty>
      )}
      <ul className={styles.list}>
        {mailbox.items.map((message) => (
          <Row key={message.id} message={message} mailbox={mailbox} extension={extension} />
        ))}
      </ul>
    </>
  );
}

interface Props {
  message: Message;
  mailbox: ReturnType<typeof useMailbox>;
  extension: string;
}

function Row({ message, mailbox, extension }: Props) {
  const { t } = useLingui();
  const live = useLive();
  const dial = useDial(extension);
  const [playing, setPlaying] = useState(false);
  const { name, number, dial: back } = callerOfMessage(message);
  const who = name || number || t`Number withheld`;
  return (
    <li className={styles.message} data-new={!message.read}>
      <div className={styles.messageHead}>
        <div className={styles.who}>
          <div className={styles.name}>
            <bdi>{who}</bdi>
            {!message.read && (
              <span className="visually-hidden">
                <Trans>new</Trans>
              </span>
            )}
          </div>
          <div className={styles.dim}>
            {moment(message.at, live.now())} · {clock(message.seconds * 1000)}
          </div>
        </div>
        {!playing && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlayerPlay size={16} aria-hidden="true" />}
            onClick={() => setPlaying(true)}
          >
            <Trans>Play</Trans>
          </Button>
        )}
        <ActionIcon
          variant="subtle"
          size="lg"
          disabled={!back}
          aria-label={t`Call ${who}`}
          onClick={() => void dial(back)}
        >
          <IconPhone size={18} aria-hidden="true" />
        </ActionIcon>
        <More message={message} mailbox={mailbox} who={who} />
      </div>
      {message.text && <p className={styles.text}>{message.text}</p>}
      {playing && (
        <Player
          path={audioPath(extension, message.id)}
          onPlayed={() => !message.read && void mailbox.heard(message.id)}
          onFailed={() => setPlaying(false)}
        />
      )}
    </li>
  );
}

function More({ message, mailbox, who }: Pick<Props, "message" | "mailbox"> & { who: string }) {
  const { t } = useLingui();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" c="var(--mantine-color-dimmed)" aria-label={t`Message of ${who}`}>
          <IconDots size={18} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {message.read ? (
          <Menu.Item onClick={() => void mailbox.unheard(message.id)}>
            <Trans>Mark as new</Trans>
          </Menu.Item>
        ) : (
          <Menu.Item onClick={() => void mailbox.heard(message.id)}>
            <Trans>Mark as heard</Trans>
          </Menu.Item>
        )}
        <Menu.Item c="var(--bad)" onClick={() => void mailbox.remove(message.id)}>
          <Trans>Delete for good</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Fetches the sound with the login, and plays it at once. */
function Player({ path, onPlayed, onFailed }: { path: string; onPlayed(): void; onFailed(): void }) {
  const { t } = useLingui();
  const [source, setSource] = useState<string | null>(null);
  useEffect(() => {
    let address: string | null = null;
    let over = false;
    blob(path).then(
      (sound) => {
        if (over) return;
        address = URL.createObjectURL(sound);
        setSource(address);
      },
      (problem: unknown) => {
        sayProblem(problem);
        onFailed();
      },
    );
    return () => {
      over = true;
      if (address) URL.revokeObjectURL(address);
    };
    // Fetched once for each message; what is to be done afterwards may change meanwhile.
  }, [path]);
  if (!source) return <Skeleton height={40} />;
  return <audio className={styles.player} src={source} controls autoPlay aria-label={t`Message`} onPlay={onPlayed} />;
}
