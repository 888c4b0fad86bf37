/** Which calls are asked for, and a call on its line of time. */
import { expect, test } from "vitest";
import type { Call } from "~/live/fold";
import { rest } from "~/api/download";
import { stayOf, talked, timeline } from "./timeline";
import { fromInput, localInput, query, readWish } from "./wish";

test("what stands in the address is believed only as far as it makes sense", () => {
  expect(readWish({ queue: 8000, outcome: "gone", agent: " 1001 ", from: "yesterday", caller: "x".repeat(99) })).toEqual({
    queue: "8000",
    outcome: undefined,
    agent: "1001",
    caller: "x".repeat(32),
    from: undefined,
    to: undefined,
  });
});

test("an outcome is asked for with its queue only, and a number from three signs on", () => {
  expect(query({ outcome: "abandoned", caller: "+4" })).toEqual({});
  expect(query({ queue: "8000", outcome: "abandoned", caller: "+49" })).toEqual({
    queue: "8000",
    outcome: "abandoned",
    caller: "+49",
  });
});

test("moments go into a field and come back", () => {
  const at = new Date(2026, 0, 2, 3, 4).toISOString();
  expect(localInput(at)).toBe("2026-01-02T03:04");
  expect(fromInput(localInput(at))).toBe(at);
  expect(fromInput("")).toBeUndefined();
  expect(localInput(undefined)).toBe("");
});

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
const leg = (id: string, from: number, answered: number | null, to: number | null) => ({
  id,
  started_at: at(from),
  answered_at: answered === null ? null : at(answered),
  ended_at: to === null ? null : at(to),
});
const call = (more: object): Call =>
  ({ id: "1", state: "ended", started_at: at(0), ended_at: at(100), answered_at: null, legs: [], queues: [], ...more }) as unknown as Call;

test("legs and stays are bars in the order of time, with what they were in parts", () => {
  const made = timeline(
    call({
      legs: [leg("a", 0, 0, 100), leg("b", 20, 30, 100), leg("c", 10, null, 20)],
      queues: [{ queue: "8000", entered_at: at(5), left_at: at(30), outcome: "answered" }],
    }),
    0,
  );
  expect(made.bars.map(({ key }) => key)).toEqual(["leg-a", "stay-0", "leg-c", "leg-b"]);
  expect(made.bars[3]!.parts).toEqual([
    { part: "rings", from: 0.2, to: 0.3 },
    { part: "talks", from: 0.3, to: 1 },
  ]);
  expect(made.bars[1]!.parts).toEqual([{ part: "waits", from: 0.05, to: 0.3 }]);
});

test("a live call ends now, and its waiting is shown before there is a record of it", () => {
  const live = call({ state: "waiting", ended_at: null, queue: "8000", enqueued_at: at(10), legs: [leg("a", 0, 0, null)] });
  const made = timeline(live, Date.parse(at(20)));
  expect(made.bars.map(({ key }) => key)).toEqual(["leg-a", "waiting"]);
  expect(made.bars[1]!.parts).toEqual([{ part: "waits", from: 0.5, to: 1 }]);
});

test("what lasted no time can be seen, and nothing leaves the line", () => {
  const made = timeline(call({ legs: [leg("a", 100, null, 100)] }), 0);
  const [part] = made.bars[0]!.parts;
  expect(part!.to - part!.from).toBeGreaterThan(0.003);
  expect(part!.to).toBeLessThanOrEqual(1);
});

test("a row is about the queue that was asked for, else the last one", () => {
  const two = call({ queues: [{ queue: "8000" }, { queue: "8001" }] });
  expect(stayOf(two, "8000")?.queue).toBe("8000");
  expect(stayOf(two, undefined)?.queue).toBe("8001");
  expect(stayOf(call({}), "8000")).toBeUndefined();
});

test("talk is from the answer to the end", () => {
  expect(talked(call({}), 0)).toBeNull();
  expect(talked(call({ answered_at: at(40) }), 0)).toBe(60_000);
  expect(talked(call({ answered_at: at(40), ended_at: null }), Date.parse(at(45)))).toBe(5_000);
});

test("the rest of a table is asked for where the server says so, and nowhere else", () => {
  expect(rest('</v1/domains/~/calls?cursor=abc>; rel="next"', "https://a.test")).toBe("/v1/domains/~/calls?cursor=abc");
  expect(rest('<https://a.test/v1/x?y=1>; rel="next"', "https://a.test")).toBe("/v1/x?y=1");
  expect(rest('<https://evil.test/x>; rel="next"', "https://a.test")).toBeNull();
  expect(rest(null, "https://a.test")).toBeNull();
});
