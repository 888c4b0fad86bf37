/** A call that rings: in this browser it is answered here, on another phone it is lifted there. */
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Call, Queue } from "~/live/fold";
import { phoneOf, serve, show } from "~/testing";
import type { OwnCall } from "~/live/own";
import { Incoming } from "./Incoming";

beforeEach(() => void serve(() => ({ items: [] })));
afterEach(() => vi.unstubAllGlobals());

const call = {
  id: "7",
  queue: "8000",
  caller: { number: "+49301234", name: "Clara Busch" },
  dialed: "+49300",
  learned: { "order number": "4711" },
} as unknown as Call;
const own: OwnCall = {
  call,
  part: "ringing",
  outgoing: false,
  number: "+49301234",
  name: "Clara Busch",
  since: "2026-01-01T09:59:55Z",
};
const queues = [{ number: "8000", name: "Support" }] as Queue[];
const ringing = { link: "ready", problem: null, call: { id: "x", direction: "in", state: "ringing", number: "", name: "", muted: false } } as const;

test("it says who, by which queue, what a flow has learned, and for how long", () => {
  show(<Incoming own={own} extension="1001" />, { queues });
  for (const words of ["Clara Busch", "+49301234", "Support", "order number", "4711", "0:05"]) {
    expect(screen.getByText(words)).toBeTruthy();
  }
});

test("in this browser it is answered and declined here", async () => {
  const phone = phoneOf({ state: ringing });
  show(<Incoming own={own} extension="1001" />, { queues, phone });
  await userEvent.click(screen.getByRole("button", { name: "Answer" }));
  await userEvent.click(screen.getByRole("button", { name: "Decline" }));
  expect(phone.answer).toHaveBeenCalledOnce();
  expect(phone.end).toHaveBeenCalledOnce();
});

test("on another phone it is lifted there, asked to lift, or passed on", () => {
  show(<Incoming own={own} extension="1001" />, { queues, phone: { mode: "phone" } });
  expect(screen.getByText("Your phone is ringing.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Decline" })).toBeNull();
  for (const name of ["Answer", "Pass on and be not ready"]) expect(screen.getByRole("button", { name })).toBeTruthy();
});

test("it is declined with a reason, for which she is not ready then", async () => {
  const asked = serve(({ path }) => (path.includes("not-ready-codes") ? { items: [{ code: "lunch", label: "Lunch", enabled: true }] } : { items: [] }));
  show(<Incoming own={own} extension="1001" />, { queues, phone: { state: ringing } });
  await userEvent.click(screen.getByRole("button", { name: "Pass it on, and say why" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Lunch" }));
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ method: "POST", path: "/v1/domains/~/agents/1001/not-ready", body: { queue: "all", reason: "lunch" } }));
});
