/** Her mailbox: its messages, and what is done with them. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { answer, api, list, OWN, type Schemas } from "~/api/client";
import { Refused } from "~/api/problem";
import { sayProblem } from "~/components/Notice/notice";
import type { LiveEvent } from "~/live/fold";
import { useLiveEvents } from "~/live/live";

export type Message = Schemas["MessageItem"];

const LIMIT = 200;

export const audioPath = (mailbox: string, message: string): string =>
  `/v1/domains/${OWN}/mailboxes/${encodeURIComponent(mailbox)}/messages/${encodeURIComponent(message)}/audio`;

/** Messages, the newest first; `exists` is false where she has no mailbox. */
export function useMailbox(number: string) {
  const client = useQueryClient();
  const queryKey = ["mailbox", number];
  const path = { domain: OWN, number };
  const messages = useQuery({
    queryKey,
    queryFn: () =>
      list(
        api.GET("/v1/domains/{domain}/mailboxes/{number}/messages", { params: { path, query: { limit: LIMIT } } }),
      ),
  });
  const renew = () => client.invalidateQueries({ queryKey });
  const listen = useCallback(
    (event: LiveEvent) => {
      if (event["mailbox"] === number) void client.invalidateQueries({ queryKey: ["mailbox", number] });
    },
    [client, number],
  );
  useLiveEvents(listen);

  const asked = async (what: Promise<{ data?: unknown; error?: unknown; response: Response }>) => {
    try {
      await answer(what);
      await renew();
    } catch (problem) {
      sayProblem(problem);
    }
  };
  const of = (message: string) => ({ params: { path: { ...path, message } } });
  const none = messages.error instanceof Refused && messages.error.status === 404;
  const items = [...(messages.data?.items ?? [])].reverse();
  return {
    exists: !none,
    items,
    fresh: items.filter((message) => !message.read).length,
    pending: messages.isPending,
    problem: none ? null : messages.error,
    again: () => void messages.refetch(),
    heard: (id: string) => asked(api.POST("/v1/domains/{domain}/mailboxes/{number}/messages/{message}/read", of(id))),
    unheard: (id: string) => asked(api.POST("/v1/domains/{domain}/mailboxes/{number}/messages/{message}/unread", of(id))),
    remove: (id: string) => asked(api.DELETE("/v1/domains/{domain}/mailboxes/{number}/messages/{message}", of(id))),
  };
}
