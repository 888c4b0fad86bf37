/**
 * How a page is the phone of who is logged in. Servers that were built without phones in browsers have no such
 * operation: then there is none, and nothing that depends on it is shown.
 */
import { refused } from "./problem";
import { session } from "./session";

export interface PhoneAccount {
  extension: string;
  sip_uri: string;
  /** Path on this server. */
  websocket: string;
  display_name: string;
}

/** No such operation, or no phones in browsers by the server's settings. */
const ABSENT = [404, 405, 501];

export async function phoneAccount(): Promise<PhoneAccount | null> {
  const headers = { Authorization: `Bearer ${session.token ?? ""}` };
  const response = await fetch("/v1/auth/phone", { headers }).catch(() => {
    throw refused(0, null);
  });
  if (response.ok) return (await response.json()) as PhoneAccount;
  if (ABSENT.includes(response.status)) return null;
  if (response.status === 401) session.end("ended");
  throw refused(response.status, await response.json().catch(() => null));
}
