/** Her own calls that are over, the newest first. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Skeleton } from "@mantine/core";
import {
  IconPhone,
  IconPhoneIncoming,
  IconPhoneOff,
  IconPhoneOutgoing,
  IconPhoneX,
  type Icon as IconType,
} from "@tabler/icons-react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, list, OWN } from "~/api/client";
import { Problem } from "~/components/Notice/Problem";
import { Empty } from "~/components/Page/Page";
import { clock, moment } from "~/i18n/time";
import { callerOf } from "~/live/caller";
import type { Call, LiveEvent } from "~/live/fold";
import { useAgent, useLive, useLiveEvents, useQueue } from "~/live/live";
import { useDial } from "~/softphone/dial";
import { talked, type Went, went } from "~/live/own";
import styles from "./history.module.css";

const PAGE = 15;

const LOOKS: Record<Went, { icon: IconType; word: MessageDescriptor; bad: boolean }> = {
  answered: { icon: IconPhoneIncoming, word: msg`Answered`, bad: false },
  made: { icon: IconPhoneOutgoing, word: msg`Made`, bad: false },
  missed: { icon: IconPhoneX, word: msg`Missed`, bad: true },
  declined: { icon: IconPhoneOff, word: msg`Declined`, bad: true },
  not_reached: { icon: IconPhoneOutgoing, word: msg`Not reached`, bad: true },
};

export function History({ extension }: { extension: string }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const calls = useInfiniteQuery({
    queryKey: ["own-calls", extension],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      list(
        api.GET("/v1/domains/{domain}/calls", {
          params: { path: { domain: OWN }, query: { agent: extension, limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next,
  });
  const renew = useCallback(
    (event: LiveEvent) => {
      const record = event.type === "call_ended" ? (event["record"] as Call | undefined) : undefined;
      const hers = record?.legs.some((leg) => leg.extension === extension || leg.agent === extension);
      if (hers) void client.invalidateQueries({ queryKey: ["own-calls", extension] });
    },
    [client, extension],
  );
  useLiveEvents(renew);

  if (calls.isPending) return <Skeleton height={160} />;
  const over = calls.data?.pages.flatMap((page) => page.items).filter((call) => call.ended_at) ?? [];
  return (
    <>
      <Problem problem={calls.error} again={() => void calls.refetch()} />
      {over.length === 0 && !calls.error && (
        <Empty title={t`No calls yet`}>{t`Calls that you have had are listed here.`}</Empty>
      )}
      <ul className={styles.list}>
        {over.map((call) => (
          <Row key={call.id} call={call} extension={extension} />
        ))}
      </ul>
      {calls.hasNextPage && (
        <Button variant="subtle" loading={calls.isFetchingNextPage} onClick={() => void calls.fetchNextPage()}>
          <Trans>Older calls</Trans>
        </Button>
      )}
    </>
  );
}

function Row({ call, extension }: { call: Call; extension: string }) {
  const { t, i18n } = useLingui();
  const live = useLive();
  const dial = useDial(extension);
  const queue = useQueue(call.queue);
  const how = went(call, extension);
  const look = LOOKS[how];
  const outgoing = how === "made" || how === "not_reached";
  const caller = callerOf(call);
  const number = outgoing ? call.dialed : caller.number;
  const back = outgoing ? call.dialed : caller.dial;
  const colleague = useAgent(number);
  const name = (outgoing ? "" : caller.name) || colleague?.name || "";
  const who = name || number || t`Number withheld`;
  const Icon = look.icon;
  const seconds = talked(call);
  return (
    <li className={styles.row} data-bad={look.bad}>
      <Icon size={20} className={styles.icon!} role="img" aria-label={i18n._(look.word)} />
      <div className={styles.who}>
        <div className={styles.name}>
          <bdi>{who}</bdi>
        </div>
        <div className={styles.dim}>
          {[name && number, queue?.name, look.bad && i18n._(look.word)].filter(Boolean).join(" · ")}
        </div>
      </div>
      <div className={styles.when}>
        <div>{moment(call.started_at, live.now())}</div>
        <div className={styles.dim}>{seconds > 0 && !look.bad ? clock(seconds * 1000) : ""}</div>
      </div>
      <ActionIcon
        variant="subtle"
        size="lg"
        disabled={!back}
        aria-label={t`Call ${who}`}
        title={t`Call ${who}`}
        onClick={() => void dial(back)}
      >
        <IconPhone size={18} aria-hidden="true" />
      </ActionIcon>
    </li>
  );
}
