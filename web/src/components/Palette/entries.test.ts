/** What the palette offers, to whom. */
import { expect, test } from "vitest";
import type { Me } from "~/api/session";
import type { Agent, Call, Queue } from "~/live/fold";
import { type Entry, entries, type World } from "./entries";

const agents = [
  { extension: "1001", name: "Ann Ash", state: "ready", queues: [{ queue: "8000", state: "ready", pending: null }] },
  { extension: "1002", name: "Ben Birch", state: "queue_call", queues: [] },
  { extension: "1003", name: "Cleo Cedar", state: "ready", queues: [] },
] as unknown as Agent[];
const queues = [{ number: "8000", name: "Support", waiting: 2 }] as Queue[];
const ann = { name: "Ann", domain: "acme.test", extension: "1001", rights: ["own", "read"] } as unknown as Me;
const super_ = { name: "Sue", domain: "acme.test", extension: null, rights: ["own", "read", "agent_state", "call_control"] } as unknown as Me;
const talking = {
  id: "7",
  state: "connected",
  direction: "inbound",
  caller: { name: "Clara Busch", number: "+49301234" },
  dialed: "+49300",
  answered_at: "2026-01-01T10:00:00Z",
  legs: [
    { id: "a", extension: null, status: "answered", started_at: "2026-01-01T10:00:00Z" },
    { id: "b", extension: "1001", status: "answered", started_at: "2026-01-01T10:00:00Z" },
  ],
} as unknown as Call;

const world = (more: Partial<World> = {}): World => ({
  me: ann,
  agents,
  queues,
  calls: [],
  reasons: [{ code: "lunch", word: "Lunch" }],
  places: [],
  callState: () => "talking",
  ...more,
});
const labels = (found: Entry[], group: Entry["group"]) => found.filter((one) => one.group === group).map(({ label }) => label);

test("a colleague is called, who is free first; during a call she is given it", () => {
  expect(labels(entries(world(), "c"), "people")).toEqual(["Call Cleo Cedar", "Call Ben Birch"]);
  expect(entries(world({ calls: [talking] }), "")[0]?.deed.kind).toBe("transfer");
  const [first] = entries(world({ calls: [talking] }), "birch");
  expect(first).toMatchObject({ label: "Transfer to Ben Birch", deed: { kind: "transfer", call: "7", to: "1002" } });
});

test("a number is called as people write it", () => {
  expect(entries(world(), "+49 (30) 99-88")[0]).toMatchObject({ label: "Call +49309988", deed: { kind: "dial", to: "+49309988" } });
});

test("only states that would change something are offered, with the domain's reasons", () => {
  expect(labels(entries(world(), ""), "state")).toEqual(["Not ready: Lunch", "Not ready, without a reason", "End the shift"]);
  expect(entries(world(), "lunch")[0]?.deed).toEqual({ kind: "state", verb: "not-ready", reason: "lunch" });
});

test("wrap-up ends on the desk, where what was noted is saved", () => {
  const wrapping = [{ ...agents[0]!, state: "wrap_up" as const }, ...agents.slice(1)];
  const found = entries(world({ agents: wrapping }), "").filter(({ group }) => group === "state");
  expect(found.map(({ deed }) => deed)).toEqual([{ kind: "go", to: "/desk" }]);
});

test("pages are those that one may see, and what a page brings", () => {
  expect(labels(entries(world(), ""), "pages")).toEqual(["Desk", "Your account"]);
  const places = [
    { to: "/admin/queues", word: "Queues" },
    { to: "/admin/business_hours", word: "Business hours" },
  ];
  expect(labels(entries(world({ places }), "u"), "pages")).toEqual([]);
  expect(labels(entries(world({ places }), "ho"), "pages")).toEqual(["Business hours"]);
  expect(entries(world({ places }), "queues").map(({ deed }) => deed)).toContainEqual({ kind: "go", to: "/admin/queues" });
});

test("calls are looked up by whoever may see them", () => {
  expect(labels(entries(world({ calls: [talking] }), "clara"), "lookup")).toEqual([]);
  const found = entries(world({ me: super_, calls: [talking] }), "clara");
  expect(found).toMatchObject([{ label: "Live call: \u2068Clara Busch\u2069, +49301234", detail: "talking", deed: { kind: "go", to: "/calls/7" } }]);
  expect(labels(entries(world({ me: super_ }), "4711"), "lookup")).toEqual(["Call 4711 in the records", "All calls of 4711"]);
});

test("who has no phone looks at a colleague instead", () => {
  expect(entries(world({ me: super_ }), "birch")[0]).toMatchObject({
    label: "Ben Birch on the wallboard",
    deed: { kind: "go", to: "/wallboard", search: { text: "1002" } },
  });
});
