/** The two sides of a talk on their way to the ear: each can be silenced, and what is left is heard in both ears. */

export type Sides = readonly [boolean, boolean];

export class Mixer {
  private readonly context = new AudioContext();
  private readonly gains: GainNode[];

  /** From now on the sound goes through here, and nowhere else: one for each player. */
  constructor(audio: HTMLMediaElement) {
    const apart = this.context.createChannelSplitter(2);
    this.context.createMediaElementSource(audio).connect(apart);
    this.gains = [0, 1].map((channel) => {
      const gain = this.context.createGain();
      apart.connect(gain, channel);
      gain.connect(this.context.destination);
      return gain;
    });
  }

  mute(sides: Sides): void {
    this.gains.forEach((gain, at) => {
      gain.gain.value = sides[at] ? 0 : 1;
    });
    this.resume();
  }

  /** Made by a click, it runs; where the browser has stopped it since, nothing would be heard. */
  resume(): void {
    void this.context.resume().catch(() => {});
  }

  stop(): void {
    void this.context.close();
  }
}
