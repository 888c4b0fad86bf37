/** Which folder may know which: what several nouns need lies below none of them. */
import { expect, test } from "vitest";

const sources = import.meta.glob<string>(["./**/*.{ts,tsx}", "!./**/*.test.*"], { query: "?raw", import: "default", eager: true });

/** What a file imports, as paths from `src`. */
function imports(file: string, text: string): string[] {
  const folder = file.slice(2).split("/").slice(0, -1);
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([~.][^"]*)"/g)].map(([, path = ""]) => {
    if (path.startsWith("~/")) return path.slice(2);
    const parts = [...folder];
    for (const part of path.split("/")) {
      if (part === "..") parts.pop();
      else if (part !== ".") parts.push(part);
    }
    return parts.join("/");
  });
}

const noun = (path: string): string | undefined => /^routes\/([^/]+)\//.exec(path)?.[1];

const wrong = (allowed: (from: string, to: string) => boolean): string[] =>
  Object.entries(sources).flatMap(([file, text]) =>
    imports(file, text).flatMap((to) => (allowed(file.slice(2), to) ? [] : [`${file} imports ${to}`])),
  );

test("a noun imports no other noun, and the frame only for its ways", () => {
  expect(
    wrong((from, to) => {
      if (!noun(from) || !to.startsWith("routes/")) return true;
      return noun(from) === noun(to) || (/\/routes\.ts$/.test(from) && /^routes\/(inside|root|secret)$/.test(to));
    }),
  ).toEqual([]);
});

test("what is shared imports no page", () => {
  expect(wrong((from, to) => !/^(api|components|live|softphone|i18n|styles)\//.test(from) || !to.startsWith("routes/"))).toEqual([]);
});
