/** What is told of a call, and of a phone that is lost: to whom looks, and to whom does not. */
import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Queue } from "~/live/fold";
import { NO_PHONE } from "~/softphone/port";
import { ringingCall, show } from "~/testing";
import { CallAlert } from "./CallAlert";

const router = vi.hoisted(() => ({ pathname: "/wallboard", went: vi.fn() }));
vi.mock("@tanstack/react-router", () => ({
  Link: ({ to, ...more }: { to: string }) => <a href={to} {...more} />,
  useLocation: () => router,
  useNavigate: () => router.went,
}));

const calls = [ringingCall({ queue: "8000" })];
const queues = [{ number: "8000", name: "Support" }] as Queue[];

interface Told {
  title: string;
  body: string;
  onclick?: () => void;
  closed: boolean;
}
let told: Told[];
let focused: boolean;
let icon: HTMLLinkElement;

beforeEach(() => {
  told = [];
  focused = false;
  router.pathname = "/wallboard";
  class Pretended {
    static permission = "granted";
    closed = false;
    onclick?: () => void;
    title: string;
    body: string;
    constructor(title: string, { body }: { body: string }) {
      this.title = title;
      this.body = body;
      told.push(this as Told);
    }
    close() {
      this.closed = true;
    }
  }
  vi.stubGlobal("Notification", Pretended);
  vi.spyOn(document, "hasFocus").mockImplementation(() => focused);
  vi.spyOn(window, "focus").mockReturnValue();
  icon = document.head.appendChild(document.createElement("link"));
  icon.rel = "icon";
  icon.setAttribute("href", "/icon.svg");
  document.title = "Wallboard · Cordboard";
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  icon.remove();
});

test("a call is said aloud, in the tab's title and picture, and by the system to whoever looks elsewhere", () => {
  const { unmount } = show(<CallAlert extension="1001" />, { calls, queues });
  expect(screen.getByRole("alert").textContent).toBe("Incoming call. Support: \u2068Clara Busch\u2069, +49301234");
  expect([document.title, icon.getAttribute("href")]).toEqual(["☎ Support: \u2068Clara Busch\u2069, +49301234", "/icon-ringing.svg"]);
  expect(told).toMatchObject([{ title: "Incoming call", body: "Support: \u2068Clara Busch\u2069, +49301234", closed: false }]);
  told[0]?.onclick?.();
  expect(router.went).toHaveBeenCalledWith({ to: "/desk" });
  unmount();
  expect([document.title, icon.getAttribute("href"), told[0]?.closed]).toEqual(["Wallboard · Cordboard", "/icon.svg", true]);
});

test("a guest is said as he calls himself, whatever stands in his name, and without a number", () => {
  const guest = ringingCall({ caller: { name: "Bob <0>Birch</0>", number: "guest" }, by_call_link: true });
  show(<CallAlert extension="1001" />, { calls: [guest], queues });
  expect(screen.getByRole("alert").textContent).toBe("Incoming call. \u2068Bob <0>Birch</0>\u2069, by call link");
  expect(screen.getByRole("link").textContent).toBe("Incoming call: \u2068Bob <0>Birch</0>\u2069, by call link. Go to the desk");
});

test("a page that is opened meanwhile keeps its title for later", async () => {
  const { unmount } = show(<CallAlert extension="1001" />, { calls, queues });
  document.title = "Calls · Cordboard";
  await vi.waitFor(() => expect(document.title).toMatch(/^☎/));
  unmount();
  expect(document.title).toBe("Calls · Cordboard");
});

test("the system tells nothing to whoever looks at the page, nor from a tab that has not the phone", () => {
  focused = true;
  const first = show(<CallAlert extension="1001" />, { calls, queues });
  first.unmount();
  focused = false;
  show(<CallAlert extension="1001" />, { calls, queues, phone: { leads: false } });
  expect(told).toEqual([]);
});

test("on other pages than the desk there is a way to it", () => {
  const first = show(<CallAlert extension="1001" />, { calls, queues });
  expect(screen.getByRole("link").getAttribute("href")).toBe("/desk");
  first.unmount();
  router.pathname = "/desk";
  show(<CallAlert extension="1001" />, { calls, queues });
  expect(screen.queryByRole("link")).toBeNull();
});

test("a phone that is lost is seen in every tab, and told by the one that has it", () => {
  vi.useFakeTimers();
  const lost = { ...NO_PHONE, link: "lost" } as const;
  show(<CallAlert extension="1001" />, { phone: { state: lost, leads: false } });
  expect(screen.getByText(/Your phone is not connected/)).toBeTruthy();
  act(() => void vi.advanceTimersByTime(20_000));
  expect(told).toEqual([]);
});

test("a phone that is lost is said at once on the page, and outside of it when it stays so", () => {
  vi.useFakeTimers();
  const lost = { ...NO_PHONE, link: "lost" } as const;
  const { unmount } = show(<CallAlert extension="1001" />, { phone: { state: lost } });
  expect(screen.getByText(/Your phone is not connected/)).toBeTruthy();
  act(() => void vi.advanceTimersByTime(9_000));
  expect(told).toEqual([]);
  act(() => void vi.advanceTimersByTime(2_000));
  expect(told).toMatchObject([{ title: "Your phone is not connected" }]);
  unmount();
  expect(told[0]?.closed).toBe(true);
});
