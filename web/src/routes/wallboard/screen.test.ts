/** The addresses of big screens. */
import { expect, test } from "vitest";
import { readScreen, screenAddress } from "./screen";

const hash = (address: string) => new URL(address).hash;

test("what an address says is read back, and nothing of it is in a request", () => {
  const screen = { key: "cb_0123456789abcdef", queues: ["8000", "8001"], light: true };
  const address = screenAddress("https://cc.example.com", screen);
  expect(readScreen(hash(address))).toEqual(screen);
  expect(new URL(address).pathname + new URL(address).search).toBe("/board");
});

test("dark and all queues unless it says otherwise", () => {
  const address = screenAddress("https://cc.example.com", { key: "cb_0123456789abcdef", queues: [], light: false });
  expect(address).toBe("https://cc.example.com/board#cb_0123456789abcdef");
  expect(readScreen(hash(address))).toMatchObject({ queues: [], light: false });
});

test("an address without a key is none", () => {
  expect(readScreen("")).toBeNull();
  expect(readScreen("#light")).toBeNull();
  expect(readScreen("#<script>alert(1)</script>")).toBeNull();
});
