/** Entries as data: merge patches, both versions of a clash, places in a list. */
import { expect, test } from "vitest";
import { clashes, type Entry, merged, mergePatch, moved, pointer, put, same } from "./json";

const queue: Entry = {
  number: "8000",
  name: "Support",
  ring_time: 15,
  on_no_answer: { hangup: { message: "goodbye" } },
  members: [{ agent: "1001" }, { agent: "1002", order: 2 }],
};

test("a patch has what differs and nothing else, and makes the one of the other", () => {
  const to: Entry = { ...queue, ring_time: 20, on_no_answer: { queue: "8001" }, members: [{ agent: "1002" }] };
  const patch = mergePatch(queue, to);
  expect(patch).toEqual({
    ring_time: 20,
    on_no_answer: { hangup: null, queue: "8001" },
    members: [{ agent: "1002" }],
  });
  expect(merged(queue, patch)).toEqual(to);
});

test("what is taken away is null in a patch", () => {
  const { ring_time: _, ...to } = queue;
  expect(mergePatch(queue, to)).toEqual({ ring_time: null });
  expect(merged(queue, mergePatch(queue, to))).toEqual(to);
  expect(mergePatch(queue, { ...queue })).toEqual({});
});

test("the order of fields says nothing, the order of a list does", () => {
  expect(same({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
  expect(same([1, 2], [2, 1])).toBe(false);
  expect(same({ a: 1 }, {})).toBe(false);
});

test("a clash shows both versions, and saving mine keeps what only they changed", () => {
  const theirs: Entry = { ...queue, ring_time: 30, wrap_up_time: 5 };
  const mine: Entry = { ...queue, ring_time: 20, name: "Help" };
  expect(clashes(queue, theirs, mine)).toEqual([
    { field: "name", before: "Support", theirs: "Support", mine: "Help" },
    { field: "ring_time", before: 15, theirs: 30, mine: 20 },
    { field: "wrap_up_time", before: undefined, theirs: 5, mine: undefined },
  ]);
  expect(merged(theirs, mergePatch(queue, mine))).toEqual({ ...queue, name: "Help", ring_time: 20, wrap_up_time: 5 });
});

test("a value is put at a path without touching the old one", () => {
  const next = put(queue, ["members", 1, "tier"], 3) as Entry;
  expect(next.members).toEqual([{ agent: "1001" }, { agent: "1002", order: 2, tier: 3 }]);
  expect(queue.members).toHaveLength(2);
  expect(put(queue, ["members", 0], undefined)).toMatchObject({ members: [{ agent: "1002", order: 2 }] });
});

test("moving beyond an end stops there", () => {
  expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(moved(["a", "b", "c"], 2, -5)).toEqual(["c", "a", "b"]);
  expect(moved(["a"], 3, 0)).toEqual(["a"]);
});

test("a pointer is escaped as RFC 6901 says", () => {
  expect(pointer(["members", 0, "a/b~c"])).toBe("/members/0/a~1b~0c");
});
