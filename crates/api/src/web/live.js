// The event socket: a snapshot, then changes; resumes where it stopped, and says how old its knowledge is.

const PING_EVERY = 5_000;
const STALE_AFTER = 12_000;
const RETRY_FIRST = 500;
const RETRY_MAX = 15_000;
const LOGIN_ENDED = 1008;

const KEYS = {
  agents: (agent) => agent.extension ?? `#${agent.id}`,
  queues: (queue) => queue.number,
  calls: (call) => call.id,
};

/** Follows a domain. `on` has: change(list, key), reset(), event(message), status(), ended(). */
export class Live {
  constructor(token, on) {
    this.token = token;
    this.on = on;
    this.seq = null;
    this.agents = new Map();
    this.queues = new Map();
    this.calls = new Map();
    this.heardAt = null;
    this.offset = 0;
    this.failures = 0;
    this.stopped = false;
    this.ticker = setInterval(() => this.tick(), PING_EVERY);
    this.wake = () => { if (!document.hidden) this.hurry(); };
    document.addEventListener("visibilitychange", this.wake);
    window.addEventListener("online", this.wake);
    this.connect();
  }

  /** Milliseconds since the server was last heard. */
  age() {
    return this.heardAt === null ? Infinity : Date.now() - this.heardAt;
  }

  /** The server's clock. */
  now() {
    return Date.now() + this.offset;
  }

  get isLive() {
    return this.socket?.readyState === WebSocket.OPEN && this.age() < STALE_AFTER;
  }

  connect() {
    clearTimeout(this.retry);
    if (this.stopped) return;
    const url = new URL("/v1/domains/~/events", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    if (this.seq !== null) url.searchParams.set("since", this.seq);
    const socket = new WebSocket(url, ["cordboard.v1", `bearer.${this.token}`]);
    this.socket = socket;
    this.openedAt = Date.now();
    socket.onopen = () => { this.heard(); this.ask(); };
    socket.onmessage = (event) => { if (socket === this.socket) this.take(JSON.parse(event.data)); };
    socket.onclose = (event) => { if (socket === this.socket) this.lost(event.code); };
  }

  lost(code) {
    if (this.stopped) return;
    this.socket = null;
    if (code === LOGIN_ENDED) return this.on.ended();
    this.failures += 1;
    const wait = Math.min(RETRY_MAX, RETRY_FIRST * 2 ** (this.failures - 1)) * (0.5 + Math.random() / 2);
    this.retry = setTimeout(() => this.connect(), wait);
    this.on.status();
    // A refused handshake looks like any other failure: only a question tells whether the login still holds.
    this.on.check();
  }

  /** Somebody looks at the page again: no need to wait for the next try. */
  hurry() {
    if (this.stopped) return;
    if (!this.socket) this.connect();
    else this.tick();
  }

  ask() {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send('{"type":"ping"}');
  }

  tick() {
    const quiet = Math.min(this.age(), Date.now() - this.openedAt);
    if (this.socket && quiet > STALE_AFTER) {
      const socket = this.socket;
      this.lost(0);
      socket.close();
    } else {
      this.ask();
    }
  }

  heard() {
    this.heardAt = Date.now();
    this.failures = 0;
    this.on.status();
  }

  take(message) {
    this.heard();
    if (message.type === "pong") {
      this.offset = Date.parse(message.at) - Date.now();
    } else if (message.type === "snapshot") {
      this.offset = Date.parse(message.at) - Date.now();
      this.seq = message.seq;
      this.replace(message.state);
    } else {
      this.seq = message.seq;
      this.fold(message);
      this.on.event(message);
    }
  }

  replace(lists) {
    this.domain = lists.domain;
    for (const list of Object.keys(KEYS)) {
      this[list] = new Map((lists[list] ?? []).map((thing) => [KEYS[list](thing), thing]));
    }
    this.on.reset();
  }

  fold(message) {
    if (message.whole) return this.replace(message);
    if (message.domain) this.domain = message.domain;
    for (const list of Object.keys(KEYS)) {
      for (const thing of message[list] ?? []) {
        this[list].set(KEYS[list](thing), thing);
        this.on.change(list, KEYS[list](thing));
      }
    }
    for (const call of message.calls_ended ?? []) {
      this.calls.delete(call);
      this.on.change("calls", call);
    }
  }

  stop() {
    this.stopped = true;
    clearInterval(this.ticker);
    clearTimeout(this.retry);
    document.removeEventListener("visibilitychange", this.wake);
    window.removeEventListener("online", this.wake);
    this.socket?.close();
  }
}
