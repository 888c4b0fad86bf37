/** A phone for tests: it does what it is told, and is told what the world does. */
import { PhoneBase, type PhoneCall } from "./port";

export class FakePhone extends PhoneBase {
  /** What was asked of it, in order. */
  readonly asked: string[] = [];

  start(): void {
    this.asked.push("start");
    this.become({ link: "ready" });
  }

  stop(): void {
    this.asked.push("stop");
    this.become({ link: "off", call: null });
  }

  answer(): void {
    this.asked.push("answer");
    this.becomeCall({ state: "talking" });
  }

  end(): void {
    this.asked.push("end");
    this.become({ call: null });
  }

  mute(muted: boolean): void {
    this.asked.push(muted ? "mute" : "unmute");
    this.becomeCall({ muted });
  }

  /** Somebody calls. */
  ring(call: Partial<PhoneCall> = {}): void {
    this.become({
      call: { id: "1", direction: "in", state: "ringing", number: "+49301", name: "", muted: false, ...call },
    });
  }

  lose(): void {
    this.become({ link: "lost" });
  }
}
