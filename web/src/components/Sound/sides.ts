/** The sides of a recorded talk, each as a line; an hour of them without the page standing still. */
import { peaks } from "./wav";

/** That of recordings: decoded at another one an hour would take a gigabyte. */
const RATE = 8_000;
/** Samples that are looked at in one go, a few milliseconds of work. */
const GO = 500_000;
/** What is fainter than this is not made louder: hiss is no talk. */
const FAINT = 0.05;

/** Lets the page do what else there is. */
const rest = (): Promise<void> => new Promise((done) => setTimeout(done));

/** The line of each channel; null if it is not wanted any more. */
export async function sides(sound: Blob, parts: number, signal: AbortSignal): Promise<number[][] | null> {
  const file = await sound.arrayBuffer();
  if (signal.aborted) return null;
  const context = new OfflineAudioContext({ numberOfChannels: 2, length: 1, sampleRate: RATE });
  const read = await context.decodeAudioData(file);
  const channels = Array.from({ length: read.numberOfChannels }, (_, at) => read.getChannelData(at));
  const lines = await inSlices(channels, parts, signal);
  return lines && loudened(lines);
}

/** As `peaks` of each channel, with a rest after each `GO` samples. */
export async function inSlices(
  channels: readonly Float32Array[],
  parts: number,
  signal: AbortSignal,
  pause: () => Promise<void> = rest,
): Promise<number[][] | null> {
  const lines: number[][] = [];
  let looked = 0;
  for (const channel of channels) {
    const line: number[] = [];
    for (let part = 0; part < parts; part += 1) {
      const [from, to] = [part, part + 1].map((at) => Math.floor((at * channel.length) / parts));
      line.push(...peaks(channel.subarray(from, to), 1));
      looked += channel.length / parts;
      if (looked < GO) continue;
      looked = 0;
      await pause();
      if (signal.aborted) return null;
    }
    lines.push(line);
  }
  return lines;
}

/** Telephones are faint: the loudest moment of either side is as high as the picture, so that the sides compare. */
export function loudened(lines: readonly number[][]): number[][] {
  const loudest = Math.max(FAINT, ...lines.flat());
  return lines.map((line) => line.map((bar) => bar / loudest));
}
