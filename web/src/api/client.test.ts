/** Lists of several pages. */
import { expect, test } from "vitest";
import { everything } from "./client";

test("all pages of a list are read, and no more than a list may have", async () => {
  const pages: Record<string, { items: number[]; next: string | null }> = {
    first: { items: [1, 2], next: "b" },
    b: { items: [3], next: null },
  };
  expect(await everything(async (cursor) => pages[cursor ?? "first"]!)).toEqual([1, 2, 3]);
  let asked = 0;
  const endless = await everything(async () => ({ items: [(asked += 1)], next: "more" }));
  expect(endless).toHaveLength(asked);
});
