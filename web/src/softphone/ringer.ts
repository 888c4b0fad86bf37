/** The sound of a call that comes in, made here, on the device chosen for ringing. */
import { type Purpose, sendTo } from "./devices";

/** Two tones, a second on, two off: quiet enough for an office, not like any office's telephone. */
const TONES = [523.25, 659.25];
const ON = 0.9;
const PERIOD = 3;
const LOUDNESS = 0.12;
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

  /** On which of the chosen devices. */
  constructor(purpose: Purpose = "ringer") {
    this.purpose = purpose;
  }

  /** Call it in a click: from then on the browser lets us ring. */
  async unlock(): Promise<void> {
    this.context ??= new AudioContext();
    if (!this.player) {
      const out = this.context.createMediaStreamDestination();
      this.player = new Audio();
      this.player.srcObject = out.stream;
      this.out = out;
    }
    await this.context.resume();
    await sendTo(this.player, this.purpose);
    await this.player.play();
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
    await sendTo(player, this.purpose);
    // Stopped meanwhile, or begun again.
    if (turn !== this.turn) return;
    let count = 0;
    const ring = () => {
      if (count++ < times) burst(context, out);
      else this.stop();
    };
    ring();
    const timer = setInterval(ring, PERIOD * 1000);
    this.ringing = { stop: () => clearInterval(timer) };
  }

  stop(): void {
    this.turn += 1;
    this.wanted = 0;
    this.ringing?.stop();
    this.ringing = null;
  }
}

function burst(context: AudioContext, out: AudioNode): void {
  const gain = context.createGain();
  gain.connect(out);
  const begin = context.currentTime;
  gain.gain.setValueAtTime(0, begin);
  gain.gain.linearRampToValueAtTime(LOUDNESS, begin + RAMP);
  gain.gain.setValueAtTime(LOUDNESS, begin + ON - RAMP);
  gain.gain.linearRampToValueAtTime(0, begin + ON);
  TONES.forEach((frequency, at) => {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start(begin + (at * ON) / 2);
    tone.stop(begin + ((at + 1) * ON) / 2);
  });
}
