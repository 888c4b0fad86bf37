/**
 * The API, typed by the server's own document: a path, a field or a value that it does not have does not compile.
 *
 * `answer(api.GET(…))` gives the body or throws a `Refused`.
 */
import createClient, { type Middleware } from "openapi-fetch";
import { refused } from "./problem";
import { session } from "./session";
import type { components, paths } from "./v1";

export type Schemas = components["schemas"];

/** The login's own domain, in a path. */
export const OWN = "~";

const withLogin: Middleware = {
  onRequest({ request }) {
    if (session.token) request.headers.set("Authorization", `Bearer ${session.token}`);
    return request;
  },
  onResponse({ request, response }) {
    // Whoever asks with a token that is no good any more is logged out; a wrong password is no such thing.
    if (response.status === 401 && request.headers.has("Authorization")) session.end("ended");
    return undefined;
  },
  onError() {
    return refused(0, null);
  },
};

// Which `fetch` there is, is asked with each request: tests have their own.
export const api = createClient<paths>({ baseUrl: location.origin, fetch: (request) => fetch(request) });
api.use(withLogin);

/** The body of an answer, or a `Refused`. */
export async function answer<T>(
  asked: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok) throw refused(response.status, error);
  return data as T;
}

/** The items that a list's answer may have; tables for spreadsheets and items cut to some fields are asked for by nobody here. */
type ItemOf<T> = T extends { items: (infer I)[] } ? ([keyof I] extends [never] ? never : I) : never;

export interface Listed<I> {
  items: I[];
  /** Where the next page begins; null: this is the last one. */
  next: string | null;
}

/** The same for a page of a list. */
export async function list<T>(
  asked: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<Listed<ItemOf<T>>> {
  const page = (await answer(asked)) as { items: ItemOf<T>[]; next?: string | null };
  return { items: page.items, next: page.next ?? null };
}

/** A header that lets a request be sent again without being done twice. */
export function once(): { "Idempotency-Key": string } {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { "Idempotency-Key": Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") };
}

/** What is fetched as it is, such as sound; it lives as long as the address that is made of it. */
export async function blob(path: string): Promise<Blob> {
  const headers = { Authorization: `Bearer ${session.token ?? ""}` };
  const response = await fetch(path, { headers }).catch(() => {
    throw refused(0, null);
  });
  if (!response.ok) throw refused(response.status, await response.json().catch(() => null));
  return response.blob();
}
