/** What is said about the phone in the browser, and when nothing is. */
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { NO_PHONE } from "~/softphone/port";
import { phoneOf, show } from "~/testing";
import { PhoneBar } from "./PhoneBar";

const said = (phone: Parameters<typeof phoneOf>[0]): string => {
  const { container } = show(<PhoneBar />, { phone: phoneOf(phone) });
  return container.querySelector('[role="status"], [role="alert"]')?.textContent ?? "";
};
const ready = { ...NO_PHONE, link: "ready" } as const;

test("nothing, where all is well, or where another phone rings", () => {
  expect(said({})).toBe("");
  expect(said({ mode: "phone", state: NO_PHONE })).toBe("");
});

test("that the server is lost, and that nobody has to do anything", () => {
  expect(said({ state: { ...NO_PHONE, link: "lost" } })).toMatch(/tries again by itself/);
});

test("why it may not be her phone", () => {
  expect(said({ state: { ...NO_PHONE, link: "refused", problem: "Forbidden" } })).toMatch(/Forbidden/);
});

test("that a call could not be taken, and what to look at", () => {
  expect(said({ state: { ...ready, problem: "User Denied Media Access" } })).toMatch(/Denied.*microphone/);
});

test("that there is no microphone, and what to do", () => {
  expect(said({ state: { ...NO_PHONE, link: "mute" } })).toMatch(/no microphone.*Plug one in/);
});

test("that she is not heard, and what to do, also in a tab that has not the phone", () => {
  const call = { id: "1", direction: "in", state: "talking", number: "", name: "", muted: false, silent: true } as const;
  expect(said({ leads: false, state: { ...ready, call } })).toMatch(/not heard.*Plug it in/);
});

test("that nothing rings before a click", () => {
  expect(said({ audible: false })).toMatch(/click anywhere/);
});

test("that the phone is in another tab, and the way to have it here, but not during a call", async () => {
  const phone = phoneOf({ leads: false, state: ready });
  show(<PhoneBar />, { phone });
  await userEvent.click(screen.getByRole("button", { name: "Use this tab" }));
  expect(phone.takeOver).toHaveBeenCalledOnce();
  const call = { id: "1", direction: "in", state: "talking", number: "", name: "", muted: false } as const;
  expect(said({ leads: false, state: { ...ready, call } })).not.toMatch(/Use this tab/);
});
