/** Work after a call: the server's clock, and the ways out of it. */
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Agent, Call } from "~/live/fold";
import { refusal, serve, show } from "~/testing";
import { keepDraft } from "./drafts";
import { WrapUp } from "./WrapUp";

const agent = (state: Agent["state"], until: string | null = null): Agent =>
  ({
    extension: "1001",
    state,
    state_since: "2026-01-01T09:59:30Z",
    queues: [{ queue: "8000", state, wrap_up_until: until }],
  }) as unknown as Agent;

/** A call that she had, and another one that she left before. */
const had = (id: string, name: string, ended_at: string) =>
  ({
    id,
    queue: "8000",
    caller: { number: "+49301", name },
    legs: [{ extension: "1001", answered_at: "2026-01-01T09:50:00Z", ended_at }],
  }) as unknown as Call;

let refuses: boolean;
let asked: ReturnType<typeof serve>;
beforeEach(() => {
  refuses = false;
  asked = serve(({ method, path }) => {
    if (path.includes("/calls?")) return { items: [had("6", "Otto", "2026-01-01T09:55:00Z"), had("7", "Clara", "2026-01-01T09:59:30Z")], next: null };
    if (path.includes("disposition-codes")) return { items: [{ code: "sale", label: "Sold something", enabled: true, queues: [] }], next: null };
    if (method === "PUT" && refuses) return refusal(503, "stopping", "The server stops");
    return { items: [], pending: false };
  });
});
afterEach(() => vi.unstubAllGlobals());

const posted = () => asked.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);

test("it is shown in wrap-up alone, with the call that she left last", async () => {
  const first = show(<WrapUp agent={agent("ready")} extension="1001" own={[]} />);
  expect(screen.queryByRole("region", { name: "Wrap-up" })).toBeNull();
  first.unmount();
  show(<WrapUp agent={agent("wrap_up")} extension="1001" own={[]} />);
  expect(await screen.findByText("Call with Clara")).toBeTruthy();
  expect(screen.getByText("as long as it takes")).toBeTruthy();
});

test("what is left is counted by the server's clock, and the end is said aloud", () => {
  const until = "2026-01-01T10:00:30Z";
  const early = show(<WrapUp agent={agent("wrap_up", until)} extension="1001" own={[]} />, { now: "2026-01-01T10:00:00Z" });
  expect(screen.getByText("0:30")).toBeTruthy();
  expect(screen.getByRole("status").textContent).toBe("");
  early.unmount();
  show(<WrapUp agent={agent("wrap_up", until)} extension="1001" own={[]} />, { now: "2026-01-01T10:00:21Z" });
  expect(screen.getByRole("status").textContent).toBe("Wrap-up ends in 10 seconds.");
});

test("a clock that runs can be put off; one that does not needs no more time", async () => {
  const first = show(<WrapUp agent={agent("wrap_up")} extension="1001" own={[]} />);
  expect(screen.queryByRole("button", { name: "One minute more" })).toBeNull();
  first.unmount();
  show(<WrapUp agent={agent("wrap_up", "2026-01-01T10:00:30Z")} extension="1001" own={[]} />, { now: "2026-01-01T10:00:00Z" });
  await userEvent.click(screen.getByRole("button", { name: "One minute more" }));
  await waitFor(() => expect(posted()).toEqual(["POST /v1/domains/~/agents/1001/wrap-up/more"]));
});

test("she is done, and ready or not", async () => {
  show(<WrapUp agent={agent("wrap_up")} extension="1001" own={[]} />);
  await userEvent.click(screen.getByRole("button", { name: "Done, ready" }));
  await waitFor(() => expect(posted()).toEqual(["POST /v1/domains/~/agents/1001/ready"]));
  await userEvent.click(screen.getByRole("button", { name: "Done, not ready" }));
  await waitFor(() => expect(posted()).toContain("POST /v1/domains/~/agents/1001/not-ready"));
});

test("what was noted is saved first, and while it is not, the work is not over", async () => {
  refuses = true;
  keepDraft("@acme.test Ann", "7", { code: "sale", notes: "The blue one.", saved: false, queue: "8000", who: "Clara", at: Date.now() });
  show(<WrapUp agent={agent("wrap_up")} extension="1001" own={[]} />);
  await screen.findByText("Call with Clara");
  await userEvent.click(screen.getByRole("button", { name: "Done, ready" }));
  await waitFor(() => expect(posted()).toHaveLength(1));
  expect(posted()[0]).toMatch(/^PUT .*\/calls\/7\//);
  refuses = false;
  await userEvent.click(screen.getByRole("button", { name: "Done, ready" }));
  await waitFor(() => expect(posted()[2]).toBe("POST /v1/domains/~/agents/1001/ready"));
});
