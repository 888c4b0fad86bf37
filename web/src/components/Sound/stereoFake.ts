/** For tests: a talk as the server gives it, and a browser that can read it. */

const HEAD = 44;
const RATE = 8_000;

/** A WAV file of both sides, from samples between -1 and 1. */
export function stereo(left: readonly number[], right: readonly number[]): Blob {
  const view = new DataView(new ArrayBuffer(HEAD + left.length * 4));
  const text = (at: number, word: string) => [...word].forEach((letter, n) => view.setUint8(at + n, letter.charCodeAt(0)));
  text(0, "RIFF");
  text(8, "WAVEfmt ");
  view.setUint16(22, 2, true);
  view.setUint32(24, RATE, true);
  text(36, "data");
  left.forEach((sample, at) => {
    view.setInt16(HEAD + at * 4, sample * 0x7fff, true);
    view.setInt16(HEAD + at * 4 + 2, (right[at] ?? 0) * 0x7fff, true);
  });
  return new Blob([view.buffer], { type: "audio/wav" });
}

/** `OfflineAudioContext` of such files; anything else it does not know. */
export class Decoder {
  readonly sampleRate: number;
  constructor({ sampleRate }: { sampleRate: number }) {
    this.sampleRate = sampleRate;
  }

  async decodeAudioData(file: ArrayBuffer) {
    const view = new DataView(file);
    if (file.byteLength < HEAD || view.getUint16(22, true) !== 2) throw new Error("no sound");
    if (view.getUint32(24, true) !== this.sampleRate) throw new Error("made up between the samples");
    const length = (file.byteLength - HEAD) / 4;
    const channel = (side: number) =>
      Float32Array.from({ length }, (_, at) => view.getInt16(HEAD + at * 4 + side * 2, true) / 0x7fff);
    return { numberOfChannels: 2, sampleRate: this.sampleRate, getChannelData: channel };
  }
}
