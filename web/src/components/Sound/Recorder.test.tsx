/** Recording a prompt: the microphone is open no longer than somebody is there who can stop it. */
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { show } from "~/testing";
import { Recorder } from "./Recorder";

vi.mock("~/softphone/level", () => ({ level: () => () => {} }));

class Recording extends EventTarget {
  static made: Recording[] = [];
  state = "inactive";
  mimeType = "audio/webm";
  constructor() {
    super();
    Recording.made.push(this);
  }
  start() {
    this.state = "recording";
  }
  stop() {
    this.state = "inactive";
    this.dispatchEvent(new Event("stop"));
  }
}

/** Gives the permission. */
let allow: () => void;
/** Ends the conversion. */
let decode: () => void;
const stop = vi.fn();
const getUserMedia = vi.fn(() => new Promise((resolve) => (allow = () => resolve({ getTracks: () => [{ stop }] }))));

beforeEach(() => {
  Recording.made = [];
  vi.clearAllMocks();
  vi.stubGlobal("navigator", { ...navigator, userAgent: navigator.userAgent, mediaDevices: { getUserMedia } });
  vi.stubGlobal("MediaRecorder", Recording);
  vi.stubGlobal("AudioContext", class {
    decodeAudioData = () =>
      new Promise((resolve) => {
        decode = () => resolve({ numberOfChannels: 1, sampleRate: 8_000, getChannelData: () => new Float32Array(8) });
      });
    close = async () => {};
  });
});

afterEach(() => vi.unstubAllGlobals());

const record = () => userEvent.click(screen.getByRole("button", { name: "Record" }));

test("pressed twice while the browser asks, it opens one microphone and records once", async () => {
  show(<Recorder onRecorded={() => {}} />);
  await record();
  await record();
  expect(getUserMedia).toHaveBeenCalledTimes(1);
  await act(async () => allow());
  expect(Recording.made).toHaveLength(1);
  expect(screen.getByRole("button", { name: "Stop" })).toBeTruthy();
});

test("gone while the browser asks, the microphone is closed and nothing is recorded", async () => {
  const shown = show(<Recorder onRecorded={() => {}} />);
  await record();
  shown.unmount();
  await act(async () => allow());
  expect(stop).toHaveBeenCalled();
  expect(Recording.made).toEqual([]);
});

test.each([true, false])("what is recorded is handed over where it is still wanted: %s", async (wanted) => {
  const onRecorded = vi.fn();
  const shown = show(<Recorder onRecorded={onRecorded} />);
  await record();
  await act(async () => allow());
  decode = () => {};
  const none = decode;
  if (wanted) await userEvent.click(screen.getByRole("button", { name: "Stop" }));
  else shown.unmount();
  await waitFor(() => expect(decode).not.toBe(none));
  await act(async () => decode());
  await waitFor(() => expect(onRecorded).toHaveBeenCalledTimes(wanted ? 1 : 0));
});
