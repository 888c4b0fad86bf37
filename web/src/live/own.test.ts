/** Whose call it is, and how she stands. */
import { describe, expect, test } from "vitest";
import type { Agent, Call } from "~/live/fold";
import { choices, differ, ownCall, ownCalls, pending, talked, waitingIn, went } from "./own";
import { wrapUpUntil } from "~/live/wrapUp";

const leg = (extension: string | null, more: object = {}) => ({
  id: extension ?? "trunk",
  extension,
  agent: extension,
  trunk: extension ? null : "carrier",
  started_at: "2026-01-01T10:00:00Z",
  ringing_at: null,
  answered_at: null,
  ended_at: null,
  status: "ringing",
  cause: null,
  queue: null,
  ...more,
});
const answered = { status: "answered", answered_at: "2026-01-01T10:00:05Z" };

const call = (more: object): Call =>
  ({
    id: "1",
    direction: "inbound",
    state: "waiting",
    caller: { number: "+4930", name: "Clara" },
    dialed: "+49301",
    queue: "8000",
    offered_to: [],
    started_at: "2026-01-01T09:59:00Z",
    enqueued_at: "2026-01-01T09:59:10Z",
    answered_at: null,
    ended_at: null,
    legs: [],
    ...more,
  }) as unknown as Call;

describe("a call", () => {
  test("that rings her is hers, and nobody else's", () => {
    const ringing = call({ legs: [leg(null, answered), leg("1001")] });
    expect(ownCall(ringing, "1001")).toMatchObject({ part: "ringing", outgoing: false, name: "Clara" });
    expect(ownCall(ringing, "1002")).toBeNull();
  });

  test("that was given up by her phone is hers no more", () => {
    const gone = call({ legs: [leg(null, answered), leg("1001", { status: "no_answer", ended_at: "2026-01-01T10:00:20Z" })] });
    expect(ownCall(gone, "1001")).toBeNull();
  });

  test("counts from the answer once she talks", () => {
    const talking = call({ state: "connected", answered_at: "2026-01-01T10:00:05Z", legs: [leg(null, answered), leg("1001", answered)] });
    expect(ownCall(talking, "1001")).toMatchObject({ part: "talking", since: "2026-01-01T10:00:05Z" });
  });

  test("that she makes shows whom she calls", () => {
    const made = call({ direction: "outbound", state: "ringing", caller: { number: "1001", name: "Ann" }, dialed: "+4940", legs: [leg("1001", answered), leg(null)] });
    expect(ownCall(made, "1001")).toMatchObject({ part: "calling", outgoing: true, number: "+4940" });
  });

  test("that is made for her rings her first", () => {
    const asked = { direction: "internal", state: "ringing", caller: { number: "1001", name: "Ann" }, dialed: "1002" } as const;
    const rung = call({ ...asked, legs: [leg("1001", { ringing_at: "2026-01-01T10:00:00Z" })] });
    expect(ownCall(rung, "1001")).toMatchObject({ part: "ringing", outgoing: true, number: "1002" });
    expect(ownCall(call({ ...asked, legs: [leg("1001")] }), "1001")).toMatchObject({ part: "calling" });
  });

  test("that she talks on comes before one that rings", () => {
    const ringing = call({ id: "2", legs: [leg("1001")] });
    const talking = call({ id: "3", state: "connected", legs: [leg("1001", answered)] });
    expect(ownCalls([ringing, talking], "1001").map((own) => own.call.id)).toEqual(["3", "2"]);
  });
});

describe("what can be chosen", () => {
  const one = (state: string, pending: string | null = null) => [{ state, pending }] as Parameters<typeof choices>[0];

  test("is never what is", () => {
    expect(choices(one("ready"))).toEqual({ ready: false, notReady: true, logIn: false, logOut: true });
    expect(choices(one("not_ready"))).toEqual({ ready: true, notReady: false, logIn: false, logOut: true });
    expect(choices(one("logged_out"))).toEqual({ ready: false, notReady: false, logIn: true, logOut: false });
  });

  test("in a call is what will be, and taking it back", () => {
    expect(choices(one("queue_call"))).toMatchObject({ ready: false, notReady: true });
    expect(choices(one("queue_call", "not_ready"))).toMatchObject({ ready: true, notReady: false });
    expect(choices(one("queue_call", "logout"))).toMatchObject({ ready: true, logOut: false });
  });

  test("in wrap-up is both ways out of it", () => {
    expect(choices(one("wrap_up"))).toMatchObject({ ready: true, notReady: true });
  });

  test("of several queues is what holds for any", () => {
    expect(choices([...one("ready"), ...one("logged_out")])).toMatchObject({ notReady: true, logIn: true, logOut: true });
  });
});

test("how she stands in her queues", () => {
  const agent = (queues: object[]): Agent => ({ state: "wrap_up", queues }) as unknown as Agent;
  const until = "2026-01-01T10:01:00Z";
  expect(wrapUpUntil(agent([{ wrap_up_until: null }, { wrap_up_until: until }]))).toBe(until);
  expect(pending(agent([{ pending: null }, { pending: "not_ready", pending_reason: "lunch" }]))).toEqual({ what: "not_ready", reason: "lunch" });
  expect(differ(agent([{ state: "ready" }, { state: "ready" }]))).toBe(false);
  expect(differ(agent([{ state: "ready" }, { state: "not_ready", reason: "lunch" }]))).toBe(true);
  expect(differ(agent([{ state: "queue_call" }, { state: "other_call" }]))).toBe(false);
});

test("who waits in a queue, first those before others, then the longest", () => {
  const at = (id: string, enqueued_at: string, priority = 0) => call({ id, enqueued_at, priority });
  const waiting = waitingIn(
    [at("1", "2026-01-01T10:02:00Z"), at("2", "2026-01-01T10:01:00Z"), at("3", "2026-01-01T10:03:00Z", 5), call({ id: "4", queue: "8001" })],
    "8000",
  );
  expect(waiting.calls.map(({ id }) => id)).toEqual(["3", "2", "1"]);
  expect(waiting.since).toBe("2026-01-01T10:01:00Z");
});

test("how a call went for her", () => {
  const over = { ended_at: "2026-01-01T10:01:05Z" };
  expect(went(call({ legs: [leg("1001", { ...answered, ...over })] }), "1001")).toBe("answered");
  expect(went(call({ legs: [leg("1001", { status: "no_answer", ...over })] }), "1001")).toBe("missed");
  expect(went(call({ legs: [leg("1001", { status: "declined", ...over })] }), "1001")).toBe("declined");
  const mine = { direction: "outbound", caller: { number: "1001", name: "" }, legs: [leg("1001", answered)] };
  expect(went(call(mine), "1001")).toBe("not_reached");
  expect(went(call({ ...mine, answered_at: over.ended_at }), "1001")).toBe("made");
  expect(talked(call({ answered_at: "2026-01-01T10:00:05Z", ...over }))).toBe(60);
});
