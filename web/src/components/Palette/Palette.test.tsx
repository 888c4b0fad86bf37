/** The palette by keyboard alone. */
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Me } from "~/api/session";
import type { Agent } from "~/live/fold";
import { serve, show } from "~/testing";
import { Palette } from "./Palette";

const went = vi.hoisted(() => vi.fn());
vi.mock("@tanstack/react-router", () => ({ useNavigate: () => went }));

const me = { name: "Ann", domain: "acme.test", extension: "1001", rights: ["own"] } as unknown as Me;
const agents = ["Ann Ash", "Ben Birch", "Bea Beech"].map((name, at) => ({
  extension: String(1001 + at),
  name,
  state: "ready",
  queues: [{ queue: "8000", state: "ready", pending: null }],
})) as unknown as Agent[];

let asked: ReturnType<typeof serve>;
beforeEach(() => {
  asked = serve(({ path }) => (path.includes("not-ready-codes") ? { items: [], next: null } : { items: [], pending: false }));
});
afterEach(() => vi.unstubAllGlobals());

const places = async () => [{ to: "/admin/queues", word: "Queues" }];
const open = (onClose = vi.fn()) => {
  show(<Palette opened onClose={onClose} places={places} />, { agents, me });
  return onClose;
};
const field = () => screen.findByRole("combobox");
const active = () => document.getElementById(screen.getByRole("combobox").getAttribute("aria-activedescendant") ?? "");

test("arrows choose, Enter does it and closes", async () => {
  const onClose = open();
  await userEvent.type(await field(), "be");
  expect(active()?.textContent).toContain("Call Ben Birch");
  await userEvent.keyboard("{ArrowDown}");
  expect(active()?.textContent).toContain("Call Bea Beech");
  expect(active()?.getAttribute("aria-selected")).toBe("true");
  await userEvent.keyboard("{ArrowDown}{ArrowDown}{Enter}");
  await waitFor(() => expect(asked.find(({ method }) => method === "POST")?.body).toEqual({ to: "1003" }));
  expect(onClose).toHaveBeenCalledOnce();
});

test("what was typed begins at the first again, and what fits nothing says so", async () => {
  open();
  const input = await field();
  await userEvent.type(input, "be{ArrowDown}a");
  expect(active()?.textContent).toContain("Bea Beech");
  await userEvent.clear(input);
  await userEvent.type(input, "xyzzy{Enter}");
  expect(screen.getByRole("status").textContent).toBe("Nothing found");
  expect(input.getAttribute("aria-expanded")).toBe("false");
  expect(asked.filter(({ method }) => method === "POST")).toEqual([]);
});

test("pages of others are gone to, once they are known", async () => {
  open();
  await userEvent.type(await field(), "queues");
  await userEvent.click(await screen.findByRole("option", { name: "Queues" }));
  expect(went).toHaveBeenCalledWith({ to: "/admin/queues" });
});

test("a state is asked for", async () => {
  open();
  await userEvent.type(await field(), "lunch{Enter}");
  await waitFor(() => expect(asked.find(({ method }) => method === "POST")).toMatchObject({ path: "/v1/domains/~/agents/1001/not-ready", body: { reason: "lunch" } }));
});
