/** The browser as a phone: SIP over WebSocket and WebRTC, by JsSIP. Loaded only when somebody begins a shift with it. */
import { type Socket, UA } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import { devices, sendTo } from "./devices";
import { drop, forgetCall, insist, keep, type KeptCall, keepAgain, keptCall, ping, revive, speak } from "./kept";
import { listenIn, watchMicrophone } from "./mouth";
import { PhoneBase, type PhoneCall } from "./port";
import { Way } from "./way";
import { Wire } from "./wire";

/** Seconds that a registration holds; it is renewed before. */
const REGISTER_EXPIRES = 120;
/** Milliseconds after which a registration that failed is tried again. */
const REGISTER_AGAIN = 5_000;
/** What is answered to who may not be this phone (RFC 3261 10.3). */
const REFUSALS = [401, 403, 404];
const BUSY = 486;
const DECLINED = 603;
/** What a caller is answered who cannot be talked to without a microphone (RFC 3261 21.4.18). */
const UNAVAILABLE = 480;
const DENIED = "User Denied Media Access";
/** What keeps a browser from taking a call at all, in JsSIP's words. Everything else is an end like any other. */
const CANNOT = [
  "WebRTC Error",
  DENIED,
  "Bad Media Description",
  "Incompatible SDP",
  "Missing SDP",
];

export interface Account {
  sipUri: string;
  /** Path on this server. */
  websocket: string;
  displayName: string;
  token(): string | null;
}

export class JsSipPhone extends PhoneBase {
  private readonly account: Account;
  private ua: UA | null = null;
  private session: RTCSession | null = null;
  private way: Way | null = null;
  private closeMouth: () => void = () => {};
  /** The call that is being answered, or was. */
  private lifted: RTCSession | null = null;
  /** What an answer has opened. JsSIP stops no stream that it was given. */
  private mouth: MediaStream | null = null;
  /** There is no microphone. */
  private mouthless = false;
  private readonly player = new Audio();

  constructor(account: Account) {
    super();
    this.account = account;
    this.player.autoplay = true;
  }

  start(): void {
    if (this.ua) return;
    const { sipUri, websocket, displayName, token } = this.account;
    const ua = new UA({
      // JsSIP says by a class what it wants, and takes whatever has that shape.
      sockets: new Wire(websocket, () => `bearer.${token() ?? ""}`) as unknown as Socket,
      uri: sipUri,
      display_name: displayName,
      register_expires: REGISTER_EXPIRES,
      session_timers: true,
      user_agent: "Cordboard desk",
    });
    // Who was there and is gone stays lost until she is there again, however often it is tried.
    ua.on("connecting", () => this.become({ link: this.state.link === "lost" ? "lost" : "connecting" }));
    ua.on("registered", () => {
      this.become({ link: "ready", problem: null });
      void this.goOn(ua).then(this.look);
    });
    ua.on("disconnected", () => this.ua && this.become({ link: "lost" }));
    ua.on("unregistered", () => this.ua && this.become({ link: this.mouthless ? "mute" : "lost" }));
    ua.on("registrationFailed", ({ response, cause }) => {
      const refused = REFUSALS.includes(response?.status_code ?? 0);
      this.become({ link: refused ? "refused" : "lost", problem: response?.reason_phrase ?? String(cause) });
      // A server that is busy or starting is asked again.
      if (!refused) setTimeout(() => this.ua === ua && ua.isConnected() && ua.register(), REGISTER_AGAIN);
    });
    ua.on("newRTCSession", ({ session }: { session: RTCSession }) => this.take(session));
    this.ua = ua;
    this.become({ link: "connecting", problem: null });
    navigator.mediaDevices?.addEventListener("devicechange", this.look);
    ua.start();
  }

  stop(): void {
    const ua = this.ua;
    this.ua = null;
    navigator.mediaDevices?.removeEventListener("devicechange", this.look);
    ua?.stop();
    this.become({ link: "off", problem: null, call: null });
  }

  answer(): void {
    const session = this.session;
    if (!session?.isInProgress() || this.lifted === session) return;
    this.lifted = session;
    void this.lift(session);
  }

  /** The caller may give up while the browser asks for the microphone: JsSIP would leave it open then. */
  private async lift(session: RTCSession): Promise<void> {
    const mouth = await listenIn().catch(() => null);
    if (this.session !== session || !session.isInProgress()) return stopTracks(mouth);
    if (!mouth) {
      session.terminate({ status_code: UNAVAILABLE });
      this.become({ problem: DENIED });
      return;
    }
    this.mouth = mouth;
    session.answer({ mediaStream: mouth });
  }

  end(): void {
    const session = this.session;
    if (!session || session.isEnded()) return;
    session.terminate(session.isEstablished() ? {} : { status_code: DECLINED });
  }

  mute(muted: boolean): void {
    if (muted) this.session?.mute({ audio: true });
    else this.session?.unmute({ audio: true });
  }

  /** Without a microphone she cannot be called: the server is told, and again when there is one. */
  private look = async (): Promise<void> => {
    const ua = this.ua;
    // A call looks after its own.
    if (!ua || this.session || !navigator.mediaDevices) return;
    const { microphones } = await devices();
    if (this.ua !== ua || this.session) return;
    const before = this.mouthless;
    this.mouthless = microphones.length === 0;
    if (this.mouthless && ua.isRegistered()) ua.unregister();
    else if (before && !this.mouthless) ua.register();
  };

  /** A session begins; while another one lasts it is refused as busy. */
  private take(session: RTCSession): void {
    if (this.session) {
      session.terminate({ status_code: BUSY });
      return;
    }
    this.watch(session);
    this.become({ call: callOf(session), problem: null });
    session.on("confirmed", () => this.talks(session));
  }

  /** Registered, for the first time or again: a call goes on, this page's own or that of a page before it. */
  private async goOn(ua: UA): Promise<void> {
    const session = this.session;
    if (session?.isEstablished()) {
      // Maybe from another network.
      this.way?.restart();
      return;
    }
    const kept = keptCall(this.account.sipUri);
    if (!session && kept) await this.takeUp(ua, kept);
  }

  /** Talks on in a call that a page before this one had, unless it is over. */
  private async takeUp(ua: UA, kept: KeptCall): Promise<void> {
    let session: RTCSession;
    try {
      session = revive(ua, kept);
    } catch {
      return forgetCall(this.account.sipUri);
    }
    this.watch(session);
    // It is her call already: nobody takes the phone away, and the page asks before it is closed.
    this.become({ call: { ...callOf(session), state: "talking", muted: kept.muted }, problem: null });
    const known = await ping(session);
    if (this.session !== session) return;
    if (known === "yes") {
      speak(session, this.state.call?.muted ?? kept.muted);
      return this.talks(session);
    }
    drop(session);
    this.over(session);
    // Who was not heard may have it still; it is asked again with the next registration.
    if (known === "unheard") keepAgain(this.account.sipUri, kept);
  }

  private talks(session: RTCSession): void {
    this.becomeCall({ state: "talking" });
    keep(this.account.sipUri, session);
    this.closeMouth = watchMicrophone(session, (silent) => this.becomeCall({ silent }));
  }

  private muted(session: RTCSession, muted: boolean): void {
    this.becomeCall({ muted });
    keep(this.account.sipUri, session);
  }

  private watch(session: RTCSession): void {
    const way = new Way(
      session,
      () => this.ua?.isConnected() ?? false,
      (sound) => this.session === session && this.becomeCall({ sound }),
    );
    this.session = session;
    this.way = way;
    insist(session, way.again);
    if (session.connection) this.listen(session.connection);
    session.on("peerconnection", ({ peerconnection }) => this.listen(peerconnection));
    session.on("muted", () => this.muted(session, true));
    session.on("unmuted", () => this.muted(session, false));
    session.on("ended", () => this.over(session));
    session.on("failed", ({ cause }) => {
      if (CANNOT.includes(cause)) this.become({ problem: cause });
      this.over(session);
    });
  }

  private listen(connection: RTCPeerConnection): void {
    this.way?.watch(connection);
    connection.addEventListener("track", ({ streams, track }) => {
      this.player.srcObject = streams[0] ?? new MediaStream([track]);
      // Where no other device can be chosen, it is the system's own.
      void sendTo(this.player, "speaker").catch(() => {});
      void this.player.play().catch(() => this.become({ problem: "the browser does not let us play sound" }));
    });
  }

  private over(session: RTCSession): void {
    if (this.session !== session) return;
    this.session = null;
    this.way?.end();
    this.way = null;
    this.closeMouth();
    this.closeMouth = () => {};
    stopTracks(this.mouth);
    this.mouth = null;
    this.lifted = null;
    forgetCall(this.account.sipUri);
    this.player.srcObject = null;
    this.become({ call: null });
    void this.look();
  }
}

function stopTracks(stream: MediaStream | null): void {
  stream?.getTracks().forEach((track) => track.stop());
}

function callOf(session: RTCSession): PhoneCall {
  const incoming = session.direction === "incoming";
  return {
    id: session.id,
    direction: incoming ? "in" : "out",
    state: incoming ? "ringing" : "calling",
    number: session.remote_identity.uri.user,
    name: session.remote_identity.display_name,
    muted: false,
  };
}
