/** The page of a call that is over while somebody looks at it. */
import { act, screen } from "@testing-library/react";
import type { ComponentType } from "react";
import { afterEach, expect, test, vi } from "vitest";
import type { Me } from "~/api/session";
import type { Call } from "~/live/fold";
import { LiveOf } from "~/live/live";
import type { LiveStore } from "~/live/store";
import { ringingCall, serve, show } from "~/testing";
import { page } from "./call";

vi.mock("@tanstack/react-router", () => ({
  createLazyRoute: () => (options: unknown) => options,
  Link: ({ to, ...more }: { to: string }) => <a href={to} {...more} />,
  useParams: () => ({ call: "7" }),
}));
afterEach(() => vi.unstubAllGlobals());

const CallPage = (page as unknown as { component: ComponentType }).component;
const me = { name: "Sue", domain: "acme.test", rights: ["recordings"] } as unknown as Me;
const talk = { id: "42", agent: "1001", from: "2026-01-01T10:00:00Z", until: null };
const base = { state: "connected", recording: true, recordings: [talk], queues: [], learned: {} } as unknown as Partial<Call>;

test("it goes on being shown as it was told last, then as its record says, and never as it was asked for at first", async () => {
  const before = ringingCall({ ...base, recordings: [] });
  const told = ringingCall(base);
  const record = ringingCall({
    ...base,
    state: "ended",
    cause: "normal",
    ended_at: "2026-01-01T10:01:05Z",
    recording: false,
    recordings: [{ ...talk, until: "2026-01-01T10:01:05Z" }],
  } as Partial<Call>);
  let give: (call: Call) => void = () => {};
  let asked = 0;
  serve(({ path }) => {
    if (path.endsWith("/why")) return { decisions: [] };
    asked += 1;
    // Asked for when the page is opened, before the first event, and once more when it is over.
    return asked === 1 ? before : new Promise((resolve) => (give = resolve as typeof give));
  });
  let live: Call | undefined;
  const listeners = new Set<() => void>();
  const store = {
    agents: [],
    queues: [],
    status: { live: true },
    now: () => Date.parse("2026-01-01T10:00:30Z"),
    call: () => live,
    subscribe: (_: string, listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as LiveStore;
  const tell = (call: Call | undefined) =>
    act(() => {
      live = call;
      listeners.forEach((listener) => listener());
    });

  show(<LiveOf value={store}><CallPage /></LiveOf>, { me });
  await screen.findByRole("heading", { name: "Course" });
  expect(screen.queryByRole("heading", { name: "Recordings" })).toBeNull();
  tell(told);
  const row = () => screen.getByRole("region", { name: "Recordings" }).querySelector("li")!;
  const first = row();
  expect([first.textContent, screen.getByText("Recorded").textContent]).toEqual([expect.stringContaining("goes on"), "Recorded"]);
  tell(undefined);
  expect(row().textContent).toContain("goes on");
  await vi.waitFor(() => expect(asked).toBeGreaterThan(1));
  await act(async () => give(record));
  await screen.findByRole("button", { name: /^Listen/ });
  expect([row().isSameNode(first), row().textContent, screen.queryByText("Recorded")]).toEqual([true, expect.stringContaining("1:05"), null]);
});
