/** WAV files of what was recorded. */
import { expect, test } from "vitest";
import { mono, peaks, wav } from "./wav";

test("a header that readers know, and samples that do not wrap round", async () => {
  const made = wav(new Float32Array([0, 1, -1, 2, -2, 0.5]), 48_000);
  const view = new DataView(await made.arrayBuffer());
  const text = (at: number, length: number) => String.fromCharCode(...Array.from({ length }, (_, i) => view.getUint8(at + i)));
  expect([text(0, 4), text(8, 8), text(36, 4)]).toEqual(["RIFF", "WAVEfmt ", "data"]);
  expect([view.getUint32(4, true), view.getUint32(40, true)]).toEqual([48, 12]);
  expect([view.getUint16(22, true), view.getUint32(24, true), view.getUint32(28, true)]).toEqual([1, 48_000, 96_000]);
  const samples = Array.from({ length: 6 }, (_, at) => view.getInt16(44 + at * 2, true));
  expect(samples).toEqual([0, 32767, -32768, 32767, -32768, 16384]);
});

test("two channels become one", () => {
  expect([...mono([new Float32Array([1, 0]), new Float32Array([0, 0.5])])]).toEqual([0.5, 0.25]);
  expect(mono([]).length).toBe(0);
});

test("of each part the loudest sample is shown, also where there are fewer samples than parts", () => {
  expect(peaks(new Float32Array([0, 0.5, -1, 0.25]), 2)).toEqual([0.5, 1]);
  expect(peaks(new Float32Array([1]), 3)).toEqual([0, 0, 1]);
  expect(peaks(new Float32Array(), 2)).toEqual([0, 0]);
});
