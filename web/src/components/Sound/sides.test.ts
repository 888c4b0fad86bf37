/** Both sides of a talk as lines. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { inSlices, loudened, sides } from "./sides";
import { Decoder, stereo } from "./stereoFake";

beforeEach(() => vi.stubGlobal("OfflineAudioContext", Decoder));
afterEach(() => vi.unstubAllGlobals());

const wanted = new AbortController().signal;
const rounded = (lines: number[][] | null) => lines?.map((line) => line.map((bar) => Math.round(bar * 10) / 10));

test("each side has its own line, and the louder one is as high as the picture", async () => {
  const sound = stereo([0, 0.08, 0.4, 0], [0, 0, 0.2, -0.2]);
  expect(rounded(await sides(sound, 2, wanted))).toEqual([
    [0.2, 1],
    [0, 0.5],
  ]);
});

test("what cannot be read is no line", async () => {
  await expect(sides(new Blob(["no sound"]), 2, wanted)).rejects.toThrow();
});

test("what is not wanted any more is not decoded", async () => {
  const decode = vi.spyOn(Decoder.prototype, "decodeAudioData");
  const left = new AbortController();
  const looking = sides(stereo([0.5], [0.5]), 2, left.signal);
  left.abort();
  expect([await looking, decode.mock.calls]).toEqual([null, []]);
});

test("hiss is not made talk", () => {
  expect(rounded(loudened([[0.01], [0]]))).toEqual([[0.2], [0]]);
  expect(loudened([])).toEqual([]);
});

test("a long sound is looked at in slices, and no longer than it is wanted", async () => {
  const long = [new Float32Array(2_000_000).fill(0.5), new Float32Array(2_000_000)];
  const pause = vi.fn(async () => {});
  const lines = await inSlices(long, 100, wanted, pause);
  expect(pause.mock.calls.length).toBe(8);
  expect(lines?.map((line) => [line.length, Math.max(...line)])).toEqual([
    [100, 0.5],
    [100, 0],
  ]);
  const left = new AbortController();
  const leave = vi.fn(async () => left.abort());
  expect(await inSlices(long, 100, left.signal, leave)).toBeNull();
  expect(leave).toHaveBeenCalledOnce();
});
