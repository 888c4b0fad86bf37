/** Sound in a page's call: a microphone that is a file, and ears that measure. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const RATE = 48_000;
/** Flags for a browser whose microphone hears a tone of so many Hz, for ever. */
export function microphone(hertz) {
  const samples = new Int16Array(RATE);
  // What is always equally loud is noise to a browser, and taken out: it swells twice a second.
  samples.forEach((_, n) => {
    const turn = (2 * Math.PI * n) / RATE;
    samples[n] = (9_000 + 3_000 * Math.cos(2 * turn)) * Math.sin(hertz * turn);
  });
  const data = Buffer.from(samples.buffer);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20); // PCM
  head.writeUInt16LE(1, 22); // one channel
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28);
  head.writeUInt16LE(2, 32); // bytes per frame
  head.writeUInt16LE(16, 34); // bits per sample
  head.write("data", 36);
  head.writeUInt32LE(data.length, 40);
  const file = path.join(mkdtempSync(path.join(tmpdir(), "microphone-")), `${hertz}.wav`);
  writeFileSync(file, Buffer.concat([head, data]));
  return [`--use-file-for-fake-audio-capture=${file}`];
}

/** To be run in a page before its own scripts: keeps what a test must get hold of. */
export function hooks() {
  const kept = { connections: [], sockets: [], tracks: [], refuse: false };
  window.kept = kept;
  const note = (list, Class) =>
    class extends Class {
      constructor(...how) {
        super(...how);
        list.push(this);
      }
    };
  window.RTCPeerConnection = note(kept.connections, window.RTCPeerConnection);
  window.WebSocket = note(kept.sockets, window.WebSocket);
  const devices = navigator.mediaDevices;
  // A page without an address yet.
  if (!devices) return;
  const ask = devices.getUserMedia.bind(devices);
  const list = devices.enumerateDevices.bind(devices);
  devices.enumerateDevices = async () => (await list()).filter(({ kind }) => !kept.refuse || kind !== "audioinput");
  devices.getUserMedia = async (how) => {
    if (kept.refuse) throw new DOMException("no microphone", "NotFoundError");
    const stream = await ask(how);
    kept.tracks.push(...stream.getAudioTracks());
    return stream;
  };
}

/** Waits until four fifths of the power that a page hears in its newest call are at so many Hz; 0: until it is silent. */
export const hear = (page, hertz) =>
  page.waitForFunction(
    (wanted) => {
      const connection = window.kept.connections.at(-1);
      const track = connection?.getReceivers()[0]?.track;
      if (!track) return false;
      if (window.ear?.track !== track) {
        const audio = new AudioContext();
        const ear = new AnalyserNode(audio, { fftSize: 8192 });
        audio.createMediaStreamSource(new MediaStream([track])).connect(ear);
        window.ear = { track, audio, ear };
      }
      const { audio, ear } = window.ear;
      const samples = new Float32Array(ear.fftSize);
      ear.getFloatTimeDomainData(samples);
      const sum = (part) => samples.reduce((all, sample, n) => all + part(sample, (2 * Math.PI * wanted * n) / audio.sampleRate), 0);
      const power = sum((sample) => sample * sample);
      const loud = power / samples.length > 1e-5;
      if (wanted === 0) return audio.currentTime > 0.3 && !loud;
      const [real, imaginary] = [sum((sample, angle) => sample * Math.cos(angle)), sum((sample, angle) => sample * Math.sin(angle))];
      return loud && (2 * (real * real + imaginary * imaginary)) / (samples.length * power) >= 0.8;
    },
    hertz,
    { polling: 100 },
  );
