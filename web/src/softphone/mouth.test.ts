/** The microphone during a call: whatever was opened is closed. */
import type { RTCSession } from "jssip/lib/RTCSession";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchMicrophone } from "./mouth";

class Track extends EventTarget {
  enabled = true;
  readyState = "live";
  stop = vi.fn();
}

let opened: Track[];
beforeEach(() => {
  opened = [];
  const getUserMedia = async () => {
    const track = new Track();
    opened.push(track);
    return { getAudioTracks: () => [track] };
  };
  vi.stubGlobal("navigator", { ...navigator, mediaDevices: { getUserMedia } });
});
afterEach(() => vi.unstubAllGlobals());

/** A call that sends nothing yet, if nothing is given; when it is over its connection names no senders. */
function call(replaceTrack: (track: Track) => Promise<void>, track: Track | null = null) {
  const sender = { track, replaceTrack };
  return {
    connection: { getTransceivers: () => [{ sender }], getSenders: () => [] },
    isEnded: () => false,
    isMuted: () => ({ audio: true }),
    isOnHold: () => ({ remote: false }),
  } as unknown as RTCSession;
}

test("one that was put into a call is let go with the call", async () => {
  const tell = vi.fn();
  const close = watchMicrophone(call(async () => {}), tell);
  await vi.waitFor(() => expect(tell).toHaveBeenCalledWith(false));
  expect([opened[0]?.enabled, opened[0]?.stop.mock.calls.length]).toEqual([false, 0]);
  close();
  expect(opened[0]?.stop).toHaveBeenCalledOnce();
});

test("one that was lost while it rang is replaced as soon as somebody listens", async () => {
  const gone = Object.assign(new Track(), { readyState: "ended" });
  const put = vi.fn(async () => {});
  const close = watchMicrophone(call(put, gone), vi.fn());
  await vi.waitFor(() => expect(put).toHaveBeenCalledWith(opened[0]));
  close();
});

test("one that cannot be put into the call does not stay open", async () => {
  const tell = vi.fn();
  const close = watchMicrophone(call(() => Promise.reject(new Error("closed"))), tell);
  await vi.waitFor(() => expect(tell).toHaveBeenCalledWith(true));
  expect(opened[0]?.stop).toHaveBeenCalledOnce();
  close();
});

test("one that comes when the call is over is let go at once", async () => {
  const idle = () => {};
  let put = idle;
  const close = watchMicrophone(call(() => new Promise<void>((done) => (put = done))), vi.fn());
  await vi.waitFor(() => expect(put).not.toBe(idle));
  close();
  put();
  await vi.waitFor(() => expect(opened[0]?.stop).toHaveBeenCalledOnce());
});
