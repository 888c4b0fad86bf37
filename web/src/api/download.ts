/** Files: any list of the API as a table for spreadsheets, all of its pages in one; and what the API gives as a file. */
import { withLogin } from "./withLogin";

/** Ten thousand rows are in each page. */
const PAGES_MAX = 20;

/** Fetches a list as a table and hands it to the browser as a file. */
export async function download(path: string, name: string): Promise<void> {
  const parts: string[] = [];
  let next: string | null = path;
  for (let page = 0; next && page < PAGES_MAX; page += 1) {
    const response: Response = await withLogin(next, { headers: { Accept: "text/csv" } });
    const text = await response.text();
    parts.push(page === 0 ? text : withoutHead(text));
    next = rest(response.headers.get("Link"), location.origin);
  }
  hand(new Blob(parts, { type: "text/csv;charset=utf-8" }), name);
}

/** Fetches a file and hands it to the browser. */
export async function save(path: string, name: string): Promise<void> {
  const response = await withLogin(path, {});
  hand(await response.blob(), name);
}

/** Hands a file to the browser, to be kept. */
export function hand(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

const withoutHead = (text: string): string => text.slice(text.indexOf("\n") + 1);

/** Where the rest is, of this server; null if that was all. */
export function rest(link: string | null, origin: string): string | null {
  const found = link?.match(/<([^>]+)>\s*;[^,]*rel="?next"?/)?.[1];
  if (!found) return null;
  const url = new URL(found, origin);
  return url.origin === origin ? url.pathname + url.search : null;
}
