/**
 * Who is logged in, in this tab. The token lies in the tab; a new tab asks the others for it, so a login ends with its
 * last tab, unless the browser brings its tabs back.
 */
import type { components } from "./v1";

export type Me = components["schemas"]["LoginItem"];
export type Right = components["schemas"]["RightWord"];

const KEY = "token";
const CHANNEL = "cordboard-session";
/** How long a new tab waits for another one to answer. */
const ASK_TIME = 150;

type Said = { kind: "ask" } | { kind: "token"; token: string } | { kind: "left"; account: string };

type Listener = () => void;

/** Where the phone of an account keeps a call that is to outlive its page. */
const CALL = "call.sip:";
/** Time that what is to be done before a log-out may take. */
const LEAVE_TIME = 3_000;

/** Of two domains in one browser one may be left. */
const account = (me: Me | null): string => (me ? `${me.extension ?? me.name}@${me.domain}` : "");

class Session {
  private me: Me | null = null;
  private why: string | null = null;
  private wished = false;
  private readonly listeners = new Set<Listener>();
  private readonly last = new Set<() => Promise<unknown>>();
  private readonly channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);

  constructor() {
    this.channel?.addEventListener("message", ({ data }: MessageEvent<Said>) => {
      if (data.kind === "ask" && this.token) this.say({ kind: "token", token: this.token });
      if (data.kind === "left" && this.token && data.account === account(this.me)) this.forget();
    });
  }

  get token(): string | null {
    return sessionStorage.getItem(KEY);
  }

  /** Who it is; null while nobody is known to be. */
  get who(): Me | null {
    return this.me;
  }

  /** Why the last login ended, if it was not wished. */
  get ended(): string | null {
    return this.why;
  }

  /** She has logged out, here or in another tab: the next one begins at the beginning. */
  get left(): boolean {
    return this.wished;
  }

  /** A login was made. */
  begin(token: string, me: Me): void {
    sessionStorage.setItem(KEY, token);
    this.why = null;
    this.wished = false;
    this.know(me);
  }

  know(me: Me | null): void {
    this.me = me;
    this.listeners.forEach((listener) => listener());
  }

  /** It ended: by itself, by somebody else, or because she logged out. */
  end(why: string | null = null): void {
    sessionStorage.removeItem(KEY);
    this.why = why;
    this.wished = why === null;
    this.know(null);
  }

  /** Has something done before she logs out. Gives what takes that back. */
  beforeLeave(deed: () => Promise<unknown>): () => void {
    this.last.add(deed);
    return () => this.last.delete(deed);
  }

  /** Does what is to be done before a log-out, as long as that is worth waiting for. */
  async settle(): Promise<void> {
    const done = Promise.allSettled([...this.last].map((deed) => deed()));
    await Promise.race([done, new Promise((over) => setTimeout(over, LEAVE_TIME))]);
  }

  /** She logged out: here and in her other tabs. */
  leave(): void {
    this.say({ kind: "left", account: account(this.me) });
    this.forget();
  }

  private forget(): void {
    localStorage.removeItem(CALL + account(this.me));
    sessionStorage.clear();
    this.end();
  }

  /** Takes over the login of another tab, if one has any. */
  async adopt(): Promise<void> {
    const channel = this.channel;
    if (this.token || !channel) return;
    await new Promise<void>((done) => {
      const timer = setTimeout(stop, ASK_TIME);
      function stop() {
        clearTimeout(timer);
        channel?.removeEventListener("message", take);
        done();
      }
      function take({ data }: MessageEvent<Said>) {
        if (data.kind !== "token") return;
        sessionStorage.setItem(KEY, data.token);
        stop();
      }
      channel.addEventListener("message", take);
      this.say({ kind: "ask" });
    });
  }

  subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private say(what: Said): void {
    this.channel?.postMessage(what);
  }
}

export const session = new Session();

/** Whether a login may do something. */
export const may = (me: Me | null, right: Right): boolean => me?.rights.includes(right) ?? false;
