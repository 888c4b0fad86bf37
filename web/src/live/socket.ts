/**
 * The event socket of a domain: a snapshot, then changes; it resumes where it stopped and says how old its
 * knowledge is.
 */
import {
  type Changed,
  fold,
  follows,
  isPong,
  isProgress,
  isSnapshot,
  type Known,
  type LiveEvent,
  type Message,
  nothingKnown,
  replace,
} from "./fold";

const PING_EVERY = 5_000;
const STALE_AFTER = 12_000;
const RETRY_FIRST = 500;
const RETRY_MAX = 15_000;
/** The server's word for: this login has ended. */
const LOGIN_ENDED = 1008;

export interface Follower {
  changed(changed: Changed): void;
  event(event: LiveEvent): void;
  /** Something about the connection or the age of the data. */
  status(): void;
  ended(): void;
  /** A connection was refused or lost: does the login still hold? */
  check(): void;
}

export class LiveSocket {
  known: Known = nothingKnown();
  private socket: WebSocket | null = null;
  private openedAt = 0;
  private heardAt: number | null = null;
  private offset = 0;
  private failures = 0;
  private stopped = false;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private readonly ticker: ReturnType<typeof setInterval>;
  private readonly token: string;
  private readonly gapless: boolean;
  private readonly follower: Follower;

  /** `gapless`: the login sees the whole domain. Who sees a part of it is told a part of the numbers. */
  constructor(token: string, gapless: boolean, follower: Follower) {
    this.token = token;
    this.gapless = gapless;
    this.follower = follower;
    this.ticker = setInterval(() => this.tick(), PING_EVERY);
    document.addEventListener("visibilitychange", this.wake);
    window.addEventListener("online", this.wake);
    this.connect();
  }

  /** Milliseconds since the server was last heard. */
  age(): number {
    return this.heardAt === null ? Infinity : Date.now() - this.heardAt;
  }

  /** The moment of the last word, by this machine's clock. */
  get lastHeard(): number | null {
    return this.heardAt;
  }

  /** The server's clock, milliseconds. */
  now(): number {
    return Date.now() + this.offset;
  }

  /** Whether what is known is what is. */
  get isLive(): boolean {
    return this.socket?.readyState === WebSocket.OPEN && this.age() < STALE_AFTER && this.known.seq >= 0;
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.ticker);
    clearTimeout(this.retry);
    document.removeEventListener("visibilitychange", this.wake);
    window.removeEventListener("online", this.wake);
    this.socket?.close();
  }

  /** Somebody looks at the page again: no need to wait for the next try. */
  private readonly wake = (): void => {
    if (document.hidden || this.stopped) return;
    if (this.socket) this.tick();
    else this.connect();
  };

  private connect(): void {
    clearTimeout(this.retry);
    if (this.stopped) return;
    const url = new URL("/v1/domains/~/events", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    if (this.known.seq >= 0) url.searchParams.set("since", String(this.known.seq));
    const socket = new WebSocket(url, ["cordboard.v1", `bearer.${this.token}`]);
    this.socket = socket;
    this.openedAt = Date.now();
    socket.onopen = () => {
      this.heard();
      this.ask();
    };
    socket.onmessage = (event: MessageEvent<string>) => {
      if (socket === this.socket) this.take(JSON.parse(event.data) as Message);
    };
    socket.onclose = (event) => {
      if (socket === this.socket) this.lost(event.code);
    };
  }

  private lost(code: number): void {
    this.socket = null;
    if (this.stopped) return;
    if (code === LOGIN_ENDED) return this.follower.ended();
    this.failures += 1;
    const wait = Math.min(RETRY_MAX, RETRY_FIRST * 2 ** (this.failures - 1)) * (0.5 + Math.random() / 2);
    this.retry = setTimeout(() => this.connect(), wait);
    this.follower.status();
    // A refused handshake looks like any other failure: only a question tells whether the login still holds.
    this.follower.check();
  }

  private ask(): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send('{"type":"ping"}');
  }

  private tick(): void {
    const quiet = Math.min(this.age(), Date.now() - this.openedAt);
    const socket = this.socket;
    if (socket && quiet > STALE_AFTER) {
      this.lost(0);
      socket.close();
    } else {
      this.ask();
    }
  }

  private heard(): void {
    this.heardAt = Date.now();
    this.failures = 0;
    this.follower.status();
  }

  private take(message: Message): void {
    this.heard();
    if (isPong(message)) {
      this.offset = Date.parse(message.at) - Date.now();
    } else if (isSnapshot(message)) {
      this.offset = Date.parse(message.at) - Date.now();
      this.follower.changed(replace(this.known, message));
    } else if (isProgress(message)) {
      this.known.seq = message.seq;
    } else if (!this.gapless || follows(this.known, message)) {
      this.follower.changed(fold(this.known, message));
      this.follower.event(message);
    } else {
      this.startOver();
    }
  }

  /** Something was missed: what is known is thrown away with the connection. */
  private startOver(): void {
    const socket = this.socket;
    this.socket = null;
    this.known.seq = -1;
    socket?.close();
    this.connect();
  }
}
