/** What a flow was, by its history. */
import { expect, test } from "vitest";
import type { Entry } from "../model/json";
import { differences, stepsOf, versions } from "./versions";

const play = (id: string, said: string, next?: string): Entry => ({ id, do: "play", prompts: [said], ...(next ? { next } : {}) });
const changed = (id: string, before: Entry, after: Entry) => `~ step ${id} of 7010 to ${JSON.stringify(before)} -> ${JSON.stringify(after)}`;
const item = (at: string, changes: string[]) => ({ at, who: "Ada", reason: null, revision: 1, changes });

const now = [play("greet", "hello-2", "bye"), play("bye", "goodbye")];
const history = [
  item("5", ["~ queue 8000 ring_time 15 -> 20"]),
  item("4", [changed("greet", play("greet", "hello", "bye"), now[0]!), "~ flow 7010 begins_with old -> greet", "- step old of 7010"]),
  item("3", ["+ step bye of 7010"]),
  item("2", [changed("old", play("old", "a -> b"), play("old", "c"))]),
  item("1", ["+ flow 7010", "+ step greet of 7010", "+ step old of 7010", "+ flow 70101"]),
  item("0", ["+ flow 7010"]),
];

test("each change of the flow makes a version, back to where it was made", () => {
  const found = versions("7010", now, history);
  expect(found.map(({ by }) => by?.at)).toEqual(["4", "3", "2", "1"]);
  expect(found.map(({ steps }) => [...steps.keys()].sort())).toEqual([["bye", "greet"], ["bye", "greet", "old"], ["greet", "old"], ["greet", "old"]]);
});

test("two versions differ by steps that came, went and changed, and by their fields", () => {
  const [newest, , , oldest] = versions("7010", now, history);
  expect(differences(oldest!, newest!)).toEqual([
    { id: "bye", what: "added", before: null, after: now[1], fields: ["do", "prompts"] },
    { id: "greet", what: "changed", before: play("greet", "hello", "bye"), after: now[0], fields: ["prompts"] },
    { id: "old", what: "removed", before: play("old", "a -> b"), after: null, fields: ["do", "prompts"] },
  ]);
  expect(differences(newest!, newest!)).toEqual([]);
});

test("an old version can be had again, beginning where it began", () => {
  const [, second] = versions("7010", now, history);
  expect(stepsOf(second!)?.map(({ id }) => id)).toEqual(["old", "greet", "bye"]);
  expect(stepsOf(second!)?.[0]).toEqual(play("old", "c"));
});

test("what the history has forgotten is not made up", () => {
  const [after, before] = versions("7010", [play("greet", "hello")], [item("1", ["- step gone of 7010"])]);
  expect(before?.by).toBeNull();
  expect(differences(before!, after!)).toEqual([{ id: "gone", what: "removed", before: null, after: null, fields: [] }]);
  expect(stepsOf(before!)).toBeNull();
});

test("changed and changed back is no difference", () => {
  const [a, b] = [play("greet", "hello"), play("greet", "hi")];
  const found = versions("7010", [a], [item("2", [changed("greet", b, a)]), item("1", [changed("greet", a, b)])]);
  expect(differences(found[2]!, found[0]!)).toEqual([]);
  expect(differences(found[2]!, found[1]!)).toHaveLength(1);
});
