/**
 * The API, typed by the server's own document: a path, a field or a value that it does not have does not compile.
 *
 * `answer(api.GET(…))` gives the body or throws a `Refused`.
 */
import createClient from "openapi-fetch";
import { refused } from "./problem";
import type { components, paths } from "./v1";
import { send, withLogin } from "./withLogin";

export type Schemas = components["schemas"];

/** The login's own domain, in a path. */
export const OWN = "~";

export const api = createClient<paths>({ baseUrl: location.origin, fetch: send });

/** The API for whoever has no login; one that this browser has is kept out of it. */
export const open = createClient<paths>({
  baseUrl: location.origin,
  // Which `fetch` there is, is asked with each request: tests have their own.
  fetch: (request) =>
    fetch(request).catch(() => {
      throw refused(0, null);
    }),
});

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

/** A list that goes on for longer than this many pages is no list for one page. */
const PAGES_MAX = 50;

/** All items of a list, page after page; `page` asks for the one that begins at the cursor. */
export async function everything<I>(page: (cursor?: string) => Promise<Listed<I>>): Promise<I[]> {
  const items: I[] = [];
  let cursor: string | undefined;
  for (let n = 0; n < PAGES_MAX; n += 1) {
    const { items: some, next } = await page(cursor);
    items.push(...some);
    if (!next) break;
    cursor = next;
  }
  return items;
}

/** A header that lets a request be sent again without being done twice. */
export function once(): { "Idempotency-Key": string } {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { "Idempotency-Key": Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("") };
}

/** What is fetched as it is, such as sound; it lives as long as the address that is made of it. */
export const blob = async (path: string): Promise<Blob> => (await withLogin(path)).blob();
