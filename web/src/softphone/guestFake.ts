/** A guest's phone for tests: it does what it is told, and is told what the world does. */
import { BEGUN, type End, type GuestPort, type GuestState, Told } from "./guestPort";

export class FakeGuest extends Told<GuestState> implements GuestPort {
  /** What was asked of it, in order. */
  readonly asked: string[] = [];

  constructor() {
    super(BEGUN);
  }

  press(key: string): void {
    this.asked.push(key);
  }

  mute(muted: boolean): void {
    this.asked.push(muted ? "mute" : "unmute");
    this.become({ muted });
  }

  level(): () => void {
    return () => {};
  }

  end(): void {
    this.asked.push("end");
    this.over(this.state.stage === "talking" ? { why: "ended", talked: 65_000 } : { why: "given_up" });
  }

  /** The world goes on. */
  now(next: Partial<GuestState>): void {
    this.become(next);
  }

  over(end: End): void {
    this.become({ stage: "over", end });
  }
}
