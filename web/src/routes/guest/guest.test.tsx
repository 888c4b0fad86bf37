/** The page of a call link, with a phone and a microphone that are made up. */
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DOUBLE_CLICK_TIME } from "~/components/Doing/settled";
import { FakeGuest } from "~/softphone/guestFake";
import type { GuestState } from "~/softphone/guestPort";
import { type Asked, refusal, serve, show } from "~/testing";
import { LinkPage } from "./guest";
import type { Dial } from "./visit";

const at = { domain: "acme.test", link: "ann" };
const TICKET = { ticket: "t1", sip_uri: "sip:guest-1@acme.test", dial: "sip:anna@acme.test", websocket: "/sip", seconds: 60 };

let phone: FakeGuest;
let stop: ReturnType<typeof vi.fn>;
const dial = vi.fn<Dial>();
const load = async (): Promise<Dial> => dial;

/** What the browser says when it is asked for the microphone. */
let microphone: () => Promise<unknown>;
const mouth = () => ({ getTracks: () => [{ stop }] });

beforeEach(() => {
  stop = vi.fn();
  phone = new FakeGuest();
  dial.mockReset().mockImplementation(() => phone);
  microphone = async () => mouth();
  vi.stubGlobal("navigator", { ...navigator, userAgent: navigator.userAgent, mediaDevices: { getUserMedia: () => microphone() } });
  vi.stubGlobal("RTCPeerConnection", class {});
});
afterEach(() => vi.unstubAllGlobals());

const linked = ({ method }: Asked): unknown =>
  method === "GET" ? { name: "Ann <b>Ash</b>", domain: "acme.test" } : new Response(JSON.stringify(TICKET), { status: 201 });
const button = (name: string) => screen.findByRole("button", { name });
/** Ends a call, once a click is no more the second half of the one that has begun it. */
async function leave(name: string) {
  const found = await button(name);
  await waitFor(() => expect(found.hasAttribute("disabled")).toBe(false));
  await userEvent.click(found);
}
/** As long as a second click would belong to the first one. */
const settle = () => act(() => new Promise((done) => setTimeout(done, DOUBLE_CLICK_TIME)));
const status = () => screen.getByRole("status").textContent ?? "";
const is = (next: Partial<GuestState>) => act(() => phone.now(next));

/** The page is there, and Bob has called. */
async function called(answer: (asked: Asked) => unknown = linked) {
  const asked = serve(answer);
  const shown = show(<LinkPage at={at} load={load} />);
  await userEvent.type(await screen.findByLabelText("Your name"), " Bob ");
  await userEvent.click(await button("Call"));
  return { asked, shown };
}

test("it says whom it leads to, as the name is written, and calls with the guest's own", async () => {
  const { asked } = await called();
  expect(screen.getByRole("heading").textContent).toBe("Call \u2068Ann <b>Ash</b>\u2069");
  await waitFor(() => expect(dial).toHaveBeenCalledWith(TICKET, "Bob", expect.anything()));
  expect(asked.map(({ method, path, body }) => [method, path, body])).toEqual([
    ["GET", "/v1/call-links/acme.test/ann", null],
    ["POST", "/v1/call-links/acme.test/ann/tickets", { name: "Bob" }],
  ]);
  expect(asked.some(({ request }) => request.headers.has("Authorization"))).toBe(false);
});

test("a call goes from ringing over talking to its end, and is read out on the way", async () => {
  await called();
  await waitFor(() => expect(status()).toMatch("Connecting"));
  expect(document.activeElement).toBe(screen.getByRole("status"));
  is({ stage: "ringing" });
  expect(status()).toMatch("It is ringing");
  is({ stage: "talking", since: Date.now() - 65_000 });
  expect(status()).toMatch("You are connected");
  expect(screen.getByRole("timer").textContent).toBe("1:05");
  await userEvent.click(await button("Mute"));
  await userEvent.click(await button("Unmute"));
  await userEvent.click(await button("Keypad"));
  await userEvent.click(await button("5"));
  await userEvent.keyboard("#");
  await leave("Hang up");
  expect(phone.asked).toEqual(["mute", "unmute", "5", "#", "end"]);
  expect(status()).toMatch(/The call has ended.*1:05/);
  expect(document.activeElement).toBe(await button("Call again"));
  expect(screen.getByDisplayValue("Bob")).toBeTruthy();
});

test("another call needs another ticket, and begins from the beginning", async () => {
  const { asked } = await called();
  await waitFor(() => expect(dial).toHaveBeenCalledOnce());
  is({ stage: "talking", since: Date.now(), sound: "gone", muted: true });
  act(() => phone.over({ why: "ended" }));
  const first = phone;
  phone = new FakeGuest();
  await settle();
  await userEvent.click(await button("Call again"));
  await waitFor(() => expect(dial).toHaveBeenCalledTimes(2));
  expect(asked.filter(({ method }) => method === "POST")).toHaveLength(2);
  // What becomes of the first one is nobody's business any more.
  act(() => first.over({ why: "busy" }));
  is({ stage: "talking", since: Date.now() });
  expect(screen.queryByRole("alert")).toBeNull();
  expect(await button("Mute")).toBeTruthy();
});

test("a link that leads to nobody says so, and so does one that is switched off meanwhile", async () => {
  serve(() => refusal(404, "unknown_call_link", "No such call link"));
  const first = show(<LinkPage at={at} load={load} />);
  await screen.findByRole("heading", { name: "This link leads to nobody" });
  first.unmount();
  await called((asked) => (asked.method === "GET" ? linked(asked) : refusal(404, "unknown_call_link", "No such call link")));
  await screen.findByRole("heading", { name: "This link leads to nobody" });
  expect(stop).toHaveBeenCalled();
});

test.each([
  ["NotAllowedError", /not allowed.*sign beside its address/],
  ["NotFoundError", /no microphone.*Plug in/],
  ["NotReadableError", /cannot be used.*Another program/],
])("%s is said in words, and what was typed stays", async (name, words) => {
  microphone = () => Promise.reject(new DOMException("", name));
  const { asked } = await called();
  await waitFor(() => expect(status()).toMatch(words));
  expect(screen.getByDisplayValue("Bob")).toBeTruthy();
  expect(asked.some(({ method }) => method === "POST")).toBe(false);
});

test("who gives up while the browser asks leaves the microphone closed, and no ticket is taken", async () => {
  let allow = () => {};
  microphone = () => new Promise((done) => (allow = () => done(mouth())));
  const { asked } = await called();
  expect(status()).toMatch("Allow the microphone");
  await leave("Cancel");
  expect(document.activeElement).toBe(await button("Call"));
  allow();
  await waitFor(() => expect(stop).toHaveBeenCalledOnce());
  expect(asked.some(({ method }) => method === "POST")).toBe(false);
  expect(dial).not.toHaveBeenCalled();
});

test("who gives up while the ticket is on its way calls nobody", async () => {
  let give = () => {};
  const { asked } = await called((one) =>
    one.method === "GET" ? linked(one) : new Promise((done) => (give = () => done(linked(one)))),
  );
  await waitFor(() => expect(status()).toMatch("Connecting"));
  await leave("Cancel");
  expect(status()).toMatch("You have hung up");
  // The microphone is not open for as long as the server thinks.
  expect(stop).toHaveBeenCalledOnce();
  expect(asked.at(-1)?.request.signal.aborted).toBe(true);
  await act(async () => give());
  expect(dial).not.toHaveBeenCalled();
});

test("too many calls: it says for how long to wait, and does not ask before", async () => {
  const refused = (seconds: string) =>
    new Response(JSON.stringify({ type: "/problems/too_many_requests", title: "Too many", status: 429 }), {
      status: 429,
      headers: { "Retry-After": seconds },
    });
  const { asked } = await called((one) => (one.method === "GET" ? linked(one) : refused("25")));
  await screen.findByText(/call again in 0:2\d/);
  expect(status()).toMatch("Too many calls just now");
  await userEvent.click(await button("Call again"));
  await userEvent.type(screen.getByLabelText("Your name"), "{Enter}");
  expect(asked.filter(({ method }) => method === "POST")).toHaveLength(1);
});

test.each([
  [409, "no_browser_phones", /switched off/],
  [503, "busy", /All lines are taken/],
  [502, "bad_gateway", /server does not answer/],
  [500, "internal", /could not be made/],
])("a refusal with %i is said in words", async (code, kind, words) => {
  await called((asked) => (asked.method === "GET" ? linked(asked) : refusal(code, kind, "No")));
  await waitFor(() => expect(status()).toMatch(words));
  expect(stop).toHaveBeenCalled();
});

test.each(["busy", "declined", "no_answer", "unavailable", "lost", "failed"] as const)("an end that is %s has words", async (why) => {
  await called();
  await waitFor(() => expect(dial).toHaveBeenCalled());
  act(() => phone.over({ why }));
  expect(status().length).toBeGreaterThan(10);
  expect(screen.getByRole("status").dataset["kind"]).toBe("bad");
  expect(await button("Call again")).toBeTruthy();
});

test("sound that breaks off, and a microphone that goes, are said", async () => {
  await called();
  await waitFor(() => expect(dial).toHaveBeenCalled());
  is({ stage: "talking", since: Date.now(), sound: "trying" });
  expect(screen.getByRole("alert").textContent).toMatch("being restored");
  is({ sound: "gone" });
  expect(screen.getByRole("alert").textContent).toMatch("does not come back");
  is({ sound: "well", silent: true });
  expect(screen.getByRole("alert").textContent).toMatch("microphone is gone");
  is({ silent: false });
  expect(screen.queryByRole("alert")).toBeNull();
});

test("a page that was not fetched safely says so instead of asking", async () => {
  vi.stubGlobal("navigator", { userAgent: navigator.userAgent, languages: ["en"] });
  serve(linked);
  show(<LinkPage at={at} load={load} />);
  expect((await screen.findByRole("alert")).textContent).toMatch("https");
  expect(screen.queryByRole("button", { name: "Call" })).toBeNull();
});

test("a double click calls, and does not hang up again", async () => {
  await called();
  await waitFor(() => expect(dial).toHaveBeenCalledOnce());
  fireEvent.click(await button("Cancel"));
  expect(phone.asked).toEqual([]);
  await leave("Cancel");
  expect(phone.asked).toEqual(["end"]);
});

test("a double click hangs up, and does not call again", async () => {
  const { asked } = await called();
  await waitFor(() => expect(dial).toHaveBeenCalledOnce());
  await leave("Cancel");
  await userEvent.click(await button("Call again"));
  await userEvent.keyboard("{Enter}");
  expect(asked.filter(({ method }) => method === "POST")).toHaveLength(1);
  await settle();
  await userEvent.keyboard("{Enter}");
  expect(asked.filter(({ method }) => method === "POST")).toHaveLength(2);
});

test("a name is asked for with in one line, whatever was pasted", async () => {
  const asked = serve(linked);
  show(<LinkPage at={at} load={load} />);
  fireEvent.change(await screen.findByLabelText("Your name"), { target: { value: "\tBob\tBirch\u0007" } });
  await userEvent.click(await button("Call"));
  await waitFor(() => expect(dial).toHaveBeenCalledWith(TICKET, "Bob Birch", expect.anything()));
  expect(asked.at(-1)?.body).toEqual({ name: "Bob Birch" });
});

test("a page whose parts are gone with an upgrade is to be reloaded", async () => {
  const reload = vi.spyOn(window.location, "reload").mockReturnValue();
  serve(linked);
  show(<LinkPage at={at} load={() => Promise.reject(new TypeError("not found"))} />);
  await userEvent.click(await button("Call"));
  await waitFor(() => expect(status()).toMatch("This page is out of date"));
  expect(stop).toHaveBeenCalled();
  expect(document.activeElement).toBe(await button("Reload the page"));
  await settle();
  await userEvent.click(await button("Reload the page"));
  expect(reload).toHaveBeenCalledOnce();
});

test("a phone that cannot be made is no server that does not answer", async () => {
  dial.mockImplementation(() => {
    throw new Error("no such thing");
  });
  await called();
  await waitFor(() => expect(status()).toMatch("could not be made"));
  expect(stop).toHaveBeenCalled();
});

test("leaving is asked about in a call only, and ends it", async () => {
  const asksBack = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  serve(linked);
  show(<LinkPage at={at} load={load} />);
  await button("Call");
  expect(asksBack()).toBe(false);
  await userEvent.click(await button("Call"));
  await waitFor(() => expect(dial).toHaveBeenCalled());
  expect(asksBack()).toBe(true);
  act(() => void window.dispatchEvent(new Event("pagehide")));
  expect(phone.asked).toEqual(["end"]);
  expect(asksBack()).toBe(false);
});
