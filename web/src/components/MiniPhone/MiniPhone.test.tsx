/** The small window: there where the browser has such windows, and gone with whatever it belongs to. */
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { Agent } from "~/live/fold";
import { phoneOf, ringingCall, show } from "~/testing";
import { MiniPhone } from "./MiniPhone";

const agents = [
  { extension: "1001", name: "Ann Ash", state: "ringing", state_since: "2026-01-01T09:59:55Z", queues: [] },
] as unknown as Agent[];
const calls = [ringingCall({ recording: true })];
const ringing = { id: "x", direction: "in", state: "ringing", number: "", name: "", muted: false } as const;

/** A browser with small windows; gives the one that is opened. */
function browser() {
  const close = vi.fn();
  const its = document.implementation.createHTMLDocument("");
  Object.defineProperty(its, "defaultView", { value: window });
  const small = Object.assign(new EventTarget(), { document: its, close }) as unknown as Window;
  const asked = vi.fn(async () => small);
  vi.stubGlobal("documentPictureInPicture", { requestWindow: asked });
  return { small, close, asked };
}
afterEach(() => vi.unstubAllGlobals());

const button = () => screen.queryByRole("button", { name: "Small window that stays on top" });

test("no button where the browser has none, nor before the shift", () => {
  const { unmount } = show(<MiniPhone extension="1001" />);
  expect(button()).toBeNull();
  unmount();
  browser();
  show(<MiniPhone extension="1001" />, { phone: { mode: null } });
  expect(button()).toBeNull();
});

test("it shows who calls, and answers; styled as the page, with the server's word on each style", async () => {
  const { small, close } = browser();
  const style = document.head.appendChild(document.createElement("style"));
  style.nonce = "word";
  style.textContent = ".x { color: red }";
  const phone = phoneOf({ state: { link: "ready", problem: null, call: ringing } });
  const { unmount } = show(<MiniPhone extension="1001" />, { agents, calls, phone });
  await userEvent.click(button()!);
  const inside = within(small.document.body as unknown as HTMLElement);
  expect(await inside.findByText("Clara Busch")).toBeTruthy();
  expect(inside.getByText("+49301234")).toBeTruthy();
  expect(inside.getByText("Recorded")).toBeTruthy();
  await act(async () => inside.getByRole("button", { name: "Answer" }).click());
  expect(phone.answer).toHaveBeenCalledOnce();
  const copied = [...small.document.querySelectorAll("style")].find((one) => one.textContent?.includes(".x"));
  expect(copied?.nonce).toBe("word");
  unmount();
  expect(close).toHaveBeenCalled();
  style.remove();
});

test("closed by hand before its content is there, it is not shown", async () => {
  const { small, asked } = browser();
  Object.assign(small, { closed: true });
  show(<MiniPhone extension="1001" />, { agents });
  await userEvent.click(button()!);
  await waitFor(() => expect(asked).toHaveBeenCalled());
  await act(async () => {});
  expect([button()?.getAttribute("aria-pressed"), small.document.body.textContent]).toEqual(["false", ""]);
});

test("closed by hand, it can be opened again", async () => {
  const { small } = browser();
  show(<MiniPhone extension="1001" />, { agents });
  await userEvent.click(button()!);
  await waitFor(() => expect(button()?.getAttribute("aria-pressed")).toBe("true"));
  act(() => void small.dispatchEvent(new Event("pagehide")));
  expect(button()?.getAttribute("aria-pressed")).toBe("false");
});
