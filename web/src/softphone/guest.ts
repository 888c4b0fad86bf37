/** A guest's one call, by JsSIP: no registration, a ticket instead of a login. Loaded only when somebody calls. */
import { C, type Socket, UA } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import { sendTo } from "./devices";
import { BEGUN, type End, type GuestPort, type GuestState, Told, type Why } from "./guestPort";
import { insist } from "./kept";
import { level } from "./level";
import { watchMicrophone } from "./mouth";
import { Way } from "./way";
import { Wire } from "./wire";

/** Milliseconds that the way to the server may take: JsSIP tries more than once. */
const CONNECT_TIME = 12_000;

/** What a final answer means (RFC 3261 section 21); 480 is told apart by whether it rang. */
const REFUSALS: Record<number, Why> = {
  404: "unknown",
  408: "no_answer",
  410: "unknown",
  429: "crowded",
  486: "busy",
  503: "overloaded",
  600: "busy",
  603: "declined",
};
const UNAVAILABLE = 480;
/** What has no answer at all, in JsSIP's words. */
const LOST: string[] = [C.causes.CANCELED, C.causes.CONNECTION_ERROR, C.causes.REQUEST_TIMEOUT];

export interface Call {
  /** Opens the socket. */
  ticket: string;
  /** Who the guest is for the server, and whom he calls. */
  sipUri: string;
  dial: string;
  /** Path on this server. */
  websocket: string;
  /** What he calls himself; may be empty. */
  name: string;
  /** What the microphone hears. It is let go with the end of the call. */
  mouth: MediaStream;
}

interface Failed {
  message: { status_code?: number; getHeader?(name: string): string | undefined } | null;
  cause: string;
}

export class GuestPhone extends Told<GuestState> implements GuestPort {
  private readonly call: Call;
  private readonly ua: UA;
  private readonly player = new Audio();
  private readonly patience: ReturnType<typeof setTimeout>;
  private session: RTCSession | null = null;
  private way: Way | null = null;
  private closeMouth: () => void = () => {};
  /** The guest has hung up. JsSIP calls it the same when a socket breaks before an answer. */
  private wished = false;

  constructor(call: Call) {
    super(BEGUN);
    this.call = call;
    this.player.autoplay = true;
    this.ua = new UA({
      // JsSIP says by a class what it wants, and takes whatever has that shape.
      sockets: new Wire(call.websocket, () => `guest.${call.ticket}`) as unknown as Socket,
      uri: call.sipUri,
      // A header of its own is made of it: whatever could begin another one is taken out.
      display_name: call.name.replaceAll(/\p{Cc}/gu, " "),
      register: false,
      session_timers: true,
      user_agent: "Cordboard call link",
    });
    this.ua.on("connected", () => this.connected());
    this.ua.on("newRTCSession", ({ session }: { session: RTCSession }) => {
      // Nobody calls a guest.
      if (session.direction === "incoming") session.terminate();
      else this.watch(session);
    });
    this.patience = setTimeout(() => this.over({ why: "unreachable" }), CONNECT_TIME);
    this.ua.start();
  }

  press(key: string): void {
    if (this.session?.isEstablished()) this.session.sendDTMF(key);
  }

  mute(muted: boolean): void {
    if (muted) this.session?.mute({ audio: true });
    else this.session?.unmute({ audio: true });
  }

  /** A copy of what is sent now, which may end by itself. */
  level(tell: (loud: number) => void): () => void {
    const track = this.session?.connection?.getTransceivers()[0]?.sender.track;
    return track ? level(new MediaStream([track.clone()]), tell) : () => {};
  }

  end(): void {
    this.wished = true;
    const session = this.session;
    if (session && !session.isEnded()) session.terminate();
    else this.over({ why: "given_up" });
  }

  /** For the first time: calls. Later: maybe from another network. */
  private connected(): void {
    if (this.session) {
      if (this.session.isEstablished()) this.way?.restart();
      return;
    }
    clearTimeout(this.patience);
    try {
      this.ua.call(this.call.dial, { mediaStream: this.call.mouth });
    } catch {
      this.over({ why: "failed" });
    }
  }

  private watch(session: RTCSession): void {
    const way = new Way(
      session,
      () => this.ua.isConnected(),
      (sound) => this.become({ sound }),
    );
    this.session = session;
    this.way = way;
    insist(session, way.again);
    if (session.connection) this.listen(session.connection);
    session.on("progress", () => this.state.stage === "connecting" && this.become({ stage: "ringing" }));
    session.on("confirmed", () => {
      this.become({ stage: "talking", since: Date.now() });
      this.closeMouth = watchMicrophone(session, (silent) => this.become({ silent }));
    });
    session.on("muted", () => this.become({ muted: true }));
    session.on("unmuted", () => this.become({ muted: false }));
    session.on("ended", ({ originator }: { originator: string }) => {
      // What JsSIP ends by itself is a call whose other side it hears no more.
      const why = originator === "local" && !this.wished ? "lost" : "ended";
      this.over({ why, talked: Date.now() - (this.state.since ?? Date.now()) });
    });
    session.on("failed", (how) => this.over(this.endOf(how as unknown as Failed)));
  }

  private listen(connection: RTCPeerConnection): void {
    this.way?.watch(connection);
    connection.addEventListener("track", ({ streams, track }) => {
      this.player.srcObject = streams[0] ?? new MediaStream([track]);
      // Where no other device can be chosen, it is the system's own.
      void sendTo(this.player, "speaker").catch(() => {});
      // He has clicked to call, so it may play; while it does not, the next track tries again.
      void this.player.play().catch(() => {});
    });
  }

  private endOf({ message, cause }: Failed): End {
    if (this.wished) return { why: "given_up" };
    if (LOST.includes(cause)) return { why: "lost" };
    const status = message?.status_code ?? 0;
    if (status === UNAVAILABLE) return { why: this.state.stage === "ringing" ? "no_answer" : "unavailable" };
    const wait = Number.parseInt(message?.getHeader?.("Retry-After") ?? "", 10);
    return { why: REFUSALS[status] ?? "failed", ...(wait > 0 && { wait }) };
  }

  private over(end: End): void {
    if (this.state.stage === "over") return;
    clearTimeout(this.patience);
    this.way?.end();
    this.closeMouth();
    this.call.mouth.getTracks().forEach((track) => track.stop());
    this.player.srcObject = null;
    // What is still to be said, such as the end of the call, is said before the socket is closed.
    this.ua.stop();
    this.become({ stage: "over", end });
  }
}
