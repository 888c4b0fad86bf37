/** Who calls again is known by his earlier calls. */
import { screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { Agent, Queue } from "~/live/fold";
import { refusal, ringingCall, serve, show } from "~/testing";
import { Earlier } from "./Earlier";

afterEach(() => vi.unstubAllGlobals());

const agents = [{ extension: "1002", name: "Bob <b>Oak</b>" }] as Agent[];
const queues = [{ number: "8000", name: "Support" }] as Queue[];
const earlier = (id: string, more: object = {}) => ({
  id,
  caller: { number: "+49301234", name: "Clara" },
  queue: "8000",
  agent: "1002",
  started_at: "2025-12-24T14:05:00Z",
  answered_at: "2025-12-24T14:05:10Z",
  ended_at: "2025-12-24T14:09:00Z",
  disposition: null,
  ...more,
});

test("it shows when, by which queue, with whom he talked, and what was noted", async () => {
  const said = { code: "sale", label: "Sold", notes: "wants <i>two</i>", at: "2025-12-24T14:10:00Z", by: "Bob" };
  const asked = serve(() => ({ items: [earlier("7"), earlier("3", { disposition: said }), earlier("2", { answered_at: null, agent: null })] }));
  show(<Earlier call={ringingCall()} />, { agents, queues });
  await screen.findByText("Called before");
  expect(asked.map(({ path }) => path)).toEqual(["/v1/domains/~/calls?caller=%2B49301234&limit=10"]);
  expect(screen.getByText("Bob <b>Oak</b>")).toBeTruthy();
  expect(screen.getByText("Sold: wants <i>two</i>")).toBeTruthy();
  const lines = screen.getAllByRole("listitem").map((line) => line.textContent);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/Support/);
  expect(lines[1]).toMatch(/not answered$/);
});

test("another number that begins like his, and a call that is not over, are not his", async () => {
  serve(() => ({ items: [earlier("3", { caller: { number: "+493012345", name: "" } }), earlier("4", { ended_at: null })] }));
  show(<Earlier call={ringingCall()} />, { agents, queues });
  await screen.findByText("No earlier call from this number");
  expect(screen.queryAllByRole("listitem")).toEqual([]);
});

test.each([
  ["a guest", { by_call_link: true, caller: { number: "guest", name: "Bob" } }],
  ["a withheld number", { caller: { number: "", name: "" } }],
  ["a colleague", { direction: "internal" as const, caller: { number: "1002", name: "Bob" } }],
])("of %s nothing is asked", async (_, more) => {
  const asked = serve(() => ({ items: [] }));
  const { container } = show(<Earlier call={ringingCall(more)} />, { agents, queues });
  expect(container.querySelector("section")).toBeNull();
  expect(asked).toEqual([]);
});

test("a server that cannot say is not in the way", async () => {
  const asked = serve(() => refusal(503, "busy", "Too much to do"));
  const { container } = show(<Earlier call={ringingCall()} />, { agents, queues });
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(container.querySelector("section")).toBeNull();
});
