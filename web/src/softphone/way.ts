/**
 * A call's way for sound (ICE, RFC 8445). When it fails while the call goes on, another one is offered in the same
 * dialog (ICE restart, RFC 8839 section 4.4.1), again and again with longer pauses, for as long as a call may be saved.
 */
import type { RTCSession } from "jssip/lib/RTCSession";

/** `trying`: nothing is heard, another way is looked for. `gone`: and it has not been found for a while. */
export type Sound = "well" | "trying" | "gone";

/** Milliseconds that a way may be shaky before another one is looked for: most come back by themselves. */
const SHAKY_TIME = 3_000;
/** Milliseconds after each try; the last one holds for all that follow. */
const PAUSES = [4_000, 4_000, 8_000, 15_000];
/** After so many tries in vain it is said that the sound does not come back. */
const TRIES_TOLD = 3;
/** More than these help nobody: about five minutes. */
const TRIES_MAX = 22;

export class Way {
  private readonly session: RTCSession;
  /** Whether the server can be reached to be offered anything. */
  private readonly connected: () => boolean;
  private readonly tell: (sound: Sound) => void;
  private connection: RTCPeerConnection | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  private told: Sound = "well";

  constructor(session: RTCSession, connected: () => boolean, tell: (sound: Sound) => void) {
    this.session = session;
    this.connected = connected;
    this.tell = tell;
  }

  /** Looks after a connection of the call. */
  watch(connection: RTCPeerConnection): void {
    this.connection = connection;
    for (const change of ["iceconnectionstatechange", "connectionstatechange"]) {
      connection.addEventListener(change, () => this.look());
    }
  }

  /** Offers another way now, maybe from another network. */
  restart(): void {
    this.tries = 0;
    this.offer();
  }

  /** An offer was not heard or was refused: another one is made in a while. */
  again = (): void => this.later(PAUSES[0] ?? 0);

  end(): void {
    clearTimeout(this.timer);
    this.connection = null;
  }

  private look(): void {
    switch (this.state()) {
      case "failed":
        // Its turn comes after the try that is on its way, if one is.
        if (this.tries === 0) this.offer();
        break;
      case "disconnected":
        if (this.timer === undefined) this.later(SHAKY_TIME);
        break;
      case "connected":
        this.tries = 0;
        this.later(null);
        this.say("well");
        break;
      case "other":
        break;
    }
  }

  private state(): "connected" | "disconnected" | "failed" | "other" {
    if (!this.connection) return "other";
    const { iceConnectionState: ice, connectionState: all } = this.connection;
    if (ice === "failed" || all === "failed") return "failed";
    if (ice === "disconnected") return "disconnected";
    return ice === "connected" || ice === "completed" ? "connected" : "other";
  }

  private offer(): void {
    if (this.session.isEnded() || this.tries >= TRIES_MAX) return;
    const broken = this.state() === "failed" || this.state() === "disconnected";
    this.tries += 1;
    if (broken) this.say(this.tries > TRIES_TOLD ? "gone" : "trying");
    this.later(PAUSES[Math.min(this.tries, PAUSES.length) - 1] ?? 0);
    // Registered anew it is offered at once.
    if (!this.connected()) return;
    this.session.renegotiate({ rtcOfferConstraints: { iceRestart: true } }, () => {
      if (this.state() === "connected") this.look();
    });
  }

  /** Another try after so many milliseconds; null: none. */
  private later(pause: number | null): void {
    clearTimeout(this.timer);
    this.timer = pause === null ? undefined : setTimeout(() => this.offer(), pause);
  }

  private say(sound: Sound): void {
    if (sound === this.told) return;
    this.told = sound;
    this.tell(sound);
  }
}
