/** Recorded talks: who may hear them, when they are fetched, how they play, and how they go. */
import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Me } from "~/api/session";
import { DOUBLE_CLICK_TIME } from "~/components/Doing/settled";
import { Decoder, stereo } from "~/components/Sound/stereoFake";
import type { Agent, Call } from "~/live/fold";
import { refusal, ringingCall, serve, show } from "~/testing";
import { Recordings } from "./Recordings";

const PATH = "/v1/domains/~/calls/7/recordings/42";
const me = { name: "Sue", domain: "acme.test", rights: ["read", "recordings"] } as unknown as Me;
const agents = [{ extension: "1001", name: "Ann <b>Ash</b>" }] as Agent[];
const first = { id: "42", agent: "1001", from: "2026-01-01T10:00:00Z", until: "2026-01-01T10:01:05Z" };
const call = (more: Partial<Call> = {}) => ringingCall({ state: "ended", recording: false, recordings: [first], ...more });
const talk = () => stereo([0, 0.5, 0], [0.25, 0, 0]);

/** What the audio element is told by a browser that knows how long the sound is. */
function loaded(element: HTMLAudioElement, duration: number) {
  Object.defineProperty(element, "duration", { value: duration, configurable: true });
  fireEvent.loadedMetadata(element);
}

const revoked = vi.fn();
beforeEach(() => {
  vi.clearAllMocks();
  vi.stubGlobal("OfflineAudioContext", Decoder);
  let made = 0;
  vi.spyOn(URL, "createObjectURL").mockImplementation(() => `blob:${(made += 1)}`);
  vi.spyOn(URL, "revokeObjectURL").mockImplementation(revoked);
});
afterEach(() => vi.unstubAllGlobals());

/** As long as a second click would belong to the first one. */
const settle = () => act(() => new Promise((done) => setTimeout(done, DOUBLE_CLICK_TIME)));
const button = (name: string | RegExp) => screen.getByRole("button", { name });
const paths = (view: HTMLElement) => [...view.querySelectorAll("svg path[vector-effect]")].map((one) => one.getAttribute("d"));

/** Listens to the talk, and waits until it can be heard. */
async function listen(more: Partial<Call> = {}) {
  const shown = show(<Recordings call={call(more)} />, { me, agents });
  await userEvent.click(screen.getAllByRole("button", { name: /^Listen/ })[0]!);
  await screen.findByRole("slider");
  const audio = shown.container.querySelector("audio")!;
  act(() => loaded(audio, 65));
  return { ...shown, audio };
}

test("without the right, or without a recording, there is no section", () => {
  const other = { ...me, rights: ["read"] } as Me;
  const one = show(<Recordings call={call()} />, { me: other, agents });
  expect(screen.queryByRole("heading")).toBeNull();
  one.unmount();
  show(<Recordings call={call({ recordings: [] })} />, { me, agents });
  expect(screen.queryByRole("heading")).toBeNull();
});

test("a talk says when, how long and with whom, and is not fetched before it is asked for", () => {
  const asked = serve(talk);
  show(<Recordings call={call()} />, { me, agents });
  expect(screen.getByRole("listitem").textContent).toMatch(/\d\d:00:00 · 1:05 · Ann <b>Ash<\/b> \(1001\)/);
  expect(asked).toEqual([]);
});

test("while the call lives its talks come and end, and one that goes on cannot be heard yet", () => {
  const goesOn = { id: "43", agent: null, from: "2026-01-01T10:02:00Z", until: null };
  const { rerender } = show(<Recordings call={call({ state: "connected" })} />, { me, agents });
  rerender(<Recordings call={call({ state: "connected", recordings: [first, goesOn] })} />);
  const rows = screen.getAllByRole("listitem");
  expect(rows[1]?.textContent).toContain("goes on · not with an agent");
  expect(within(rows[1]!).queryByRole("button")).toBeNull();
  rerender(<Recordings call={call({ recordings: [first, { ...goesOn, until: "2026-01-01T10:02:10Z" }] })} />);
  expect(within(rows[1]!).getByRole("button", { name: /^Listen/ })).toBeTruthy();
});

test("asked for, it is fetched once, played, and both sides are seen", async () => {
  const asked = serve(() => new Response(talk()));
  const { audio, container, unmount } = await listen();
  expect(asked.map(({ method, path }) => [method, path])).toEqual([["GET", PATH]]);
  expect(audio.getAttribute("src")).toBe("blob:1");
  expect(audio.paused).toBe(false);
  expect(document.activeElement).toBe(button("Pause"));
  await waitFor(() => expect(new Set(paths(container)).size).toBe(2));
  await userEvent.click(button("Pause"));
  expect(audio.paused).toBe(true);
  expect(button("Play")).toBeTruthy();
  unmount();
  expect(revoked).toHaveBeenCalledWith("blob:1");
});

test("gone from the page, it is silent, and its sound is let go", async () => {
  serve(() => new Response(talk()));
  const { audio, unmount } = await listen();
  const forget = vi.spyOn(audio, "load");
  expect(audio.paused).toBe(false);
  unmount();
  expect([audio.paused, audio.hasAttribute("src"), forget.mock.calls.length]).toEqual([true, false, 1]);
});

test("keys move the place and say where it is; the speed can be chosen", async () => {
  serve(() => new Response(talk()));
  const { audio } = await listen();
  const place = screen.getByRole("slider");
  const press = (key: string) => fireEvent.keyDown(place, { key });
  press("PageUp");
  press("ArrowRight");
  press("ArrowRight");
  press("ArrowLeft");
  expect([audio.currentTime, place.getAttribute("aria-valuetext")]).toEqual([35, "0:35 of 1:05"]);
  press("PageUp");
  press("PageUp");
  expect(audio.currentTime).toBe(65);
  fireEvent.keyDown(place, { key: "ArrowLeft", altKey: true });
  expect(audio.currentTime).toBe(65);
  press(" ");
  expect(audio.paused).toBe(true);
  await userEvent.click(screen.getByRole("radio", { name: "1.5×" }));
  expect(audio.playbackRate).toBe(1.5);
});

test("what is read aloud of the place does not change with each moment that is heard", async () => {
  serve(() => new Response(talk()));
  const { audio } = await listen();
  const said = () => screen.getByRole("slider").getAttribute("aria-valuetext");
  audio.currentTime = 7;
  fireEvent.timeUpdate(audio);
  expect([said(), screen.getByText("0:07 / 1:05")]).toEqual(["0:00 of 1:05", screen.getByText("0:07 / 1:05")]);
  await userEvent.click(button("Pause"));
  expect(said()).toBe("0:07 of 1:05");
});

test("one talk sounds at a time", async () => {
  serve(() => new Response(talk()));
  const { audio, container } = await listen({ recordings: [first, { ...first, id: "43" }] });
  await userEvent.click(button(/^Listen/));
  await waitFor(() => expect(screen.getAllByRole("slider").length).toBe(2));
  const other = [...container.querySelectorAll("audio")].find((one) => one !== audio)!;
  act(() => loaded(other, 5));
  expect([audio.paused, other.paused]).toEqual([true, false]);
});

test("a side can be silenced, and heard again", async () => {
  const gains: { gain: { value: number }; connect(): void }[] = [];
  const close = vi.fn(async () => {});
  const resume = vi.fn(async () => {});
  vi.stubGlobal("AudioContext", class {
    destination = {};
    createChannelSplitter = () => ({ connect: () => {} });
    createMediaElementSource = () => ({ connect: () => {} });
    createGain = () => {
      const made = { gain: { value: 1 }, connect: () => {} };
      gains.push(made);
      return made;
    };
    resume = resume;
    close = close;
  });
  serve(() => new Response(talk()));
  const { unmount } = await listen();
  const silence = () => gains.map(({ gain }) => gain.value);
  await userEvent.click(button("Mute Caller"));
  expect([silence(), button("Mute Caller").getAttribute("aria-pressed")]).toEqual([[0, 1], "true"]);
  await userEvent.click(button("Mute Ann <b>Ash</b> (1001)"));
  await userEvent.click(button("Mute Caller"));
  expect(silence()).toEqual([1, 0]);
  resume.mockClear();
  await userEvent.click(button("Pause"));
  await userEvent.click(button("Play"));
  expect(resume).toHaveBeenCalledOnce();
  unmount();
  expect(close).toHaveBeenCalledOnce();
});

test("while it is fetched it can be left, and asked for anew", async () => {
  let give: (response: Response) => void = () => {};
  const asked = serve(() => new Promise<Response>((resolve) => (give = resolve)));
  show(<Recordings call={call()} />, { me, agents });
  await userEvent.click(button(/^Listen/));
  expect(button(/^Loading/)).toBeTruthy();
  await settle();
  await userEvent.click(button(/^Cancel/));
  await act(async () => give(new Response(talk())));
  expect(asked[0]?.request.signal.aborted).toBe(true);
  expect([button(/^Listen/), screen.queryByRole("slider")]).toEqual([button(/^Listen/), null]);
});

test("a double click is one wish, whatever its second half hits", async () => {
  const asked = serve(() => new Promise<Response>(() => {}));
  show(<Recordings call={call()} />, { me, agents });
  await userEvent.dblClick(button(/^Download/));
  expect(asked[0]?.request.signal.aborted).toBe(false);
  await settle();
  await userEvent.dblClick(button(/^Cancel/));
  expect([asked[0]?.request.signal.aborted, asked.length]).toEqual([true, 1]);
  expect(document.activeElement).toBe(button(/^Download/));
});

test("a sound that is gone is said in words, and is not asked for again", async () => {
  serve(() => refusal(404, "unknown_recording", "No such recording"));
  show(<Recordings call={call()} />, { me, agents });
  await userEvent.click(button(/^Listen/));
  expect(await screen.findByText(/no longer kept, was removed, or nobody said anything/)).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});

test("a failure is said, and it can be tried again", async () => {
  let broken = true;
  serve(() => (broken ? refusal(503, "busy", "Too much to do") : new Response(talk())));
  show(<Recordings call={call()} />, { me, agents });
  await userEvent.click(button(/^Listen/));
  expect((await screen.findByRole("alert")).textContent).toContain("busy");
  broken = false;
  await settle();
  await userEvent.click(button(/^Listen/));
  expect(await screen.findByRole("slider")).toBeTruthy();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("what the browser cannot play can be kept", async () => {
  serve(() => new Response("no sound"));
  const { audio } = await listen();
  fireEvent.error(audio);
  expect(screen.getByRole("alert").textContent).toContain("cannot play it");
  expect(button(/^Download/)).toBeTruthy();
});

test("kept as a file it is fetched, and not a second time to be heard", async () => {
  const kept: [string, string][] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    kept.push([this.getAttribute("href") ?? "", this.download]);
  });
  const asked = serve(() => new Response(talk()));
  const decode = vi.spyOn(Decoder.prototype, "decodeAudioData");
  const { container } = show(<Recordings call={call()} />, { me, agents });
  await userEvent.click(button(/^Download/));
  await screen.findByRole("slider");
  act(() => loaded(container.querySelector("audio")!, 65));
  expect(kept.map(([, name]) => name)).toEqual(["call-7-recording-42.wav"]);
  await settle();
  expect(decode).not.toHaveBeenCalled();
  await userEvent.click(button("Play"));
  await waitFor(() => expect(decode).toHaveBeenCalledOnce());
  await userEvent.click(button(/^Download/));
  expect([kept.length, asked.length]).toEqual([2, 1]);
});

test("it is removed for good after a question, and the keyboard stays at its place", async () => {
  const asked = serve(({ method }) => (method === "DELETE" ? new Response(null, { status: 204 }) : new Response(talk())));
  await listen();
  await settle();
  await userEvent.click(button(/^Remove/));
  expect((await screen.findByRole("dialog")).textContent).toContain("nothing brings it back");
  await userEvent.click(button("Keep it"));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(asked.map(({ method }) => method)).toEqual(["GET"]);
  await userEvent.click(button(/^Remove/));
  await userEvent.click(await screen.findByRole("button", { name: "Remove for good" }));
  const said = await screen.findByText("Removed for good.");
  expect(asked.at(-1)).toMatchObject({ method: "DELETE", path: PATH });
  expect([screen.queryByRole("slider"), revoked.mock.calls.length]).toEqual([null, 1]);
  await waitFor(() => expect(document.activeElement).toBe(said));
});
