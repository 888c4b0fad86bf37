/** The sound of a telephone that rings, made here: one's own, on the device chosen for ringing, or the other one's. */
import { type Purpose, sendTo } from "./devices";

/** Tones one after the other, and seconds. */
interface Ring {
  tones: number[];
  on: number;
  period: number;
  loudness: number;
}

/** Two tones, a second on, two off: quiet enough for an office, not like any office's telephone. */
const OWN: Ring = { tones: [523.25, 659.25], on: 0.9, period: 3, loudness: 0.12 };
/** What is heard of a telephone elsewhere that rings, as in most of Europe (ITU-T E.180). */
export const ELSEWHERE: Ring = { tones: [425], on: 1, period: 5, loudness: 0.06 };
const RAMP = 0.02;

export class Ringer {
  private context: AudioContext | null = null;
  private player: HTMLAudioElement | null = null;
  private out: MediaStreamAudioDestinationNode | null = null;
  private ringing: { stop(): void } | null = null;
  /** How often it is still to ring; it does as soon as it may. */
  private wanted = 0;
  /** Counts beginnings and ends, for who waits between them. */
  private turn = 0;
  private readonly purpose: Purpose;

  private readonly sound: Ring;

  /** On which of the chosen devices, and what is heard. */
  constructor(purpose: Purpose = "ringer", sound: Ring = OWN) {
    this.purpose = purpose;
    this.sound = sound;
  }

  /** Call it in a click: from then on the browser lets us ring. */
  async unlock(): Promise<void> {
    const context = (this.context ??= new AudioContext());
    if (!this.player) {
      const out = context.createMediaStreamDestination();
      this.player = new Audio();
      this.player.srcObject = out.stream;
      this.out = out;
    }
    const { player } = this;
    await context.resume();
    await sendTo(player, this.purpose);
    // Closed meanwhile.
    if (this.context !== context) return;
    await player.play();
    if (this.wanted > 0 && !this.ringing) await this.start(this.wanted);
  }

  /** Whether a ring would be heard. */
  get unlocked(): boolean {
    return this.context?.state === "running";
  }

  /** Rings until `stop`, or so many times. */
  async start(times = Infinity): Promise<void> {
    this.stop();
    this.wanted = times;
    const { context, out, player } = this;
    if (!context || !out || !player) return;
    const turn = this.turn;
    // Better on another device than not at all.
    await sendTo(player, this.purpose).catch(() => {});
    // Stopped meanwhile, or begun again.
    if (turn !== this.turn) return;
    let count = 0;
    let tones: AudioNode | undefined;
    const ring = () => {
      if (count++ < times) tones = burst(context, out, this.sound);
      else this.stop();
    };
    ring();
    const timer = setInterval(ring, this.sound.period * 1000);
    this.ringing = {
      stop: () => {
        clearInterval(timer);
        // Whoever answers speaks at once.
        tones?.disconnect();
      },
    };
  }

  stop(): void {
    this.turn += 1;
    this.wanted = 0;
    this.ringing?.stop();
    this.ringing = null;
  }

  /** Stops, and lets the device go. Before it rings again it is to be unlocked. */
  close(): void {
    this.stop();
    this.player?.pause();
    // One that is closed already says so.
    void this.context?.close().catch(() => {});
    this.context = this.player = this.out = null;
  }
}

function burst(context: AudioContext, out: AudioNode, { tones, on, loudness }: Ring): AudioNode {
  const gain = context.createGain();
  gain.connect(out);
  const begin = context.currentTime;
  const each = on / tones.length;
  gain.gain.setValueAtTime(0, begin);
  gain.gain.linearRampToValueAtTime(loudness, begin + RAMP);
  gain.gain.setValueAtTime(loudness, begin + on - RAMP);
  gain.gain.linearRampToValueAtTime(0, begin + on);
  tones.forEach((frequency, at) => {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start(begin + at * each);
    tone.stop(begin + (at + 1) * each);
  });
  return gain;
}
