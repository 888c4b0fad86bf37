/** Steps and their ways. */
import { expect, test } from "vitest";
import { forms } from "../model/schema";
import type { Entry } from "../model/json";
import { layout } from "./layout";
import { about, DEEDS, doing, freshId, idOf, reached, renamed, setWay, WAYS, waysOf, without } from "./steps";

const steps: Entry[] = [
  { id: "menu", do: "menu", prompts: ["please-wait"], keys: { "1": "support", "2": "reach" }, on_failed: "bye" },
  { id: "support", do: "enqueue", queue: "8000" },
  { id: "reach", do: "branch", when: [{ open: "office", next: "support" }], otherwise: "bye" },
  { id: "bye", do: "leave", to: { hangup: { message: "goodbye" } } },
];

test("every field of a step belongs to something that a step does, and every deed is one of the schema's", () => {
  const known = forms.fields("StepShape").map(({ name }) => name);
  const used = new Set<string>(["id", "do", ...Object.values(DEEDS).flat()]);
  expect(known.filter((name) => !used.has(name))).toEqual([]);
  expect([...used].filter((name) => !known.includes(name))).toEqual([]);
  const deeds = forms.fields("StepShape").find(({ name }) => name === "do")?.kind;
  expect(deeds?.kind === "choice" && deeds.options).toEqual(Object.keys(DEEDS));
  expect(WAYS.filter((name) => !known.includes(name))).toEqual([]);
});

test("a step has all its ways, also those that lead nowhere yet", () => {
  expect(waysOf(steps[0]!).map(({ field, which, to }) => [field, which, to])).toEqual([
    ["keys", "1", "support"],
    ["keys", "2", "reach"],
    ["dial", "", ""],
    ["on_failed", "", "bye"],
  ]);
  expect(setWay(steps[0]!, ["keys", "2"], "bye").keys).toEqual({ "1": "support", "2": "bye" });
});

test("a new name is followed by all ways", () => {
  const next = renamed(steps, 1, "help");
  expect(next.map(idOf)).toEqual(["menu", "help", "reach", "bye"]);
  expect(next[0]?.keys).toEqual({ "1": "help", "2": "reach" });
  expect(next[2]?.when).toEqual([{ open: "office", next: "help" }]);
  expect(renamed(steps, 1, "bye")[0]?.keys).toEqual(steps[0]?.keys);
});

test("without a step no way leads to it, and conditions stay to be mended", () => {
  const next = without(steps, 1);
  expect(next.map(idOf)).toEqual(["menu", "reach", "bye"]);
  expect(next[0]?.keys).toEqual({ "2": "reach" });
  expect(next[1]?.when).toEqual([{ open: "office", next: "" }]);
});

test("doing something else drops what means nothing for it", () => {
  expect(doing({ id: "a", do: "play", prompts: ["x"], next: "b" }, "enqueue")).toEqual({ id: "a", do: "enqueue" });
  expect(doing({ id: "a", do: "play", prompts: ["x"], next: "b" }, "collect")).toEqual({ id: "a", do: "collect", prompts: ["x"], next: "b" });
});

test("names are fresh, and what a step is about is short", () => {
  expect(freshId(steps, "menu")).toBe("menu-2");
  expect(about(steps[1]!)).toBe("8000");
  expect(about(steps[3]!)).toBe("hangup goodbye");
});

test("what nothing leads to is not reached, and all have their own spot", () => {
  const lost: Entry[] = [...steps, { id: "lost", do: "answer" }];
  expect(reached(lost).has("lost")).toBe(false);
  expect(reached(steps).size).toBe(4);
  const spots = layout(lost);
  expect(spots.size).toBe(5);
  expect(new Set([...spots.values()].map(({ x, y }) => `${x},${y}`)).size).toBe(5);
  expect(spots.get("support")!.x).toBeGreaterThan(spots.get("menu")!.x);
});
