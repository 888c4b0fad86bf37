/** Sound as a WAV file: 16-bit PCM, one channel. */

const HEADER = 44;
const PCM = 1;
const BYTES = 2;

/** From samples between -1 and 1; what is beyond is cut. */
export function wav(samples: Float32Array, rate: number): Blob {
  const size = samples.length * BYTES;
  const view = new DataView(new ArrayBuffer(HEADER + size));
  const text = (at: number, word: string) => [...word].forEach((letter, place) => view.setUint8(at + place, letter.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, HEADER - 8 + size, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * BYTES, true);
  view.setUint16(32, BYTES, true);
  view.setUint16(34, BYTES * 8, true);
  text(36, "data");
  view.setUint32(40, size, true);
  samples.forEach((sample, at) => {
    const cut = Math.max(-1, Math.min(1, sample));
    view.setInt16(HEADER + at * BYTES, Math.round(cut * (cut < 0 ? 0x8000 : 0x7fff)), true);
  });
  return new Blob([view.buffer], { type: "audio/wav" });
}

/** All channels in one, each as loud as the others. */
export function mono(channels: readonly Float32Array[]): Float32Array {
  const [first] = channels;
  if (!first) return new Float32Array();
  if (channels.length === 1) return first;
  return first.map((_, at) => channels.reduce((sum, channel) => sum + (channel[at] ?? 0), 0) / channels.length);
}

/** The loudest sample of each of so many equal parts, 0 to 1. */
export function peaks(samples: Float32Array, parts: number): number[] {
  return Array.from({ length: parts }, (_, part) => {
    const [from, to] = [part, part + 1].map((at) => Math.floor((at * samples.length) / parts));
    let loudest = 0;
    for (let at = from ?? 0; at < (to ?? 0); at += 1) loudest = Math.max(loudest, Math.abs(samples[at] ?? 0));
    return Math.min(1, loudest);
  });
}
