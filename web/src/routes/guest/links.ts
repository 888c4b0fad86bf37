/** What is asked of the server by somebody without a login. */
import { answer, open, type Schemas } from "~/api/client";
import { refused } from "~/api/problem";
import type { End, Why } from "~/softphone/guestPort";

/** An agent's call link, as its address names it. */
export interface At {
  domain: string;
  link: string;
}

/** To whom a link leads. */
export type CallLink = Schemas["CallLinkItem"];

/** What opens the socket for one call. */
export type Ticket = Schemas["TicketItem"];

/** To whom it leads; throws a `Refused`, which is a 404 where it leads to nobody. */
export const callLink = (at: At): Promise<CallLink> =>
  answer(open.GET("/v1/call-links/{domain}/{link}", { params: { path: { ...at } } }));

/** A ticket for one call, or why there is none. Throws a `Refused` where the server is not reached. */
export async function ticket(at: At, name: string, signal: AbortSignal): Promise<Ticket | End> {
  const { data, error, response } = await open.POST("/v1/call-links/{domain}/{link}/tickets", {
    params: { path: { ...at } },
    body: name ? { name } : {},
    signal,
  });
  return data ?? endOf(response, refused(response.status, error).kind);
}

const WHYS: Record<number, Why> = {
  404: "unknown",
  429: "crowded",
  502: "unreachable",
  503: "overloaded",
  504: "unreachable",
};

function endOf({ status, headers }: Response, kind: string | null): End {
  const wait = Number.parseInt(headers.get("Retry-After") ?? "", 10);
  const why = kind === "no_browser_phones" ? "no_phones" : (WHYS[status] ?? "failed");
  return { why, ...(wait > 0 && { wait }) };
}
