/**
 * One phone for all tabs of a browser. The tab that holds the lock leads: it has the phone, its microphone and its
 * ring. The others show what it shows and ask it to act. When it closes, another one takes over by itself; while it
 * lives, only by somebody's wish, and never during a call.
 */
import { NO_PHONE, PhoneBase, type PhonePort, type PhoneState } from "./port";

const LOCK = "cordboard-phone";
const CHANNEL = "cordboard-phone";
/** For so long the others know who has asked to lead: either it happens at once, or not at all. */
const WISH_TIME = 3_000;

/** What tabs say to each other. What is asked of a call names it: meanwhile there may be another one. */
type Said =
  | { kind: "state"; state: PhoneState }
  | { kind: "who" }
  | { kind: "answer"; call: string }
  | { kind: "end"; call: string }
  | { kind: "mute"; call: string; muted: boolean }
  /** Lets whoever says it lead; all that wait hear it, too. */
  | { kind: "yield" };

/** The part of the browser that is needed; tests have their own. */
export interface Tabs {
  /** Waits until no other tab leads, then leads until the promise that `hold` gives is settled. */
  lead(hold: () => Promise<void>): void;
  /** To those that hear; only who hears says anything. */
  say(said: unknown): void;
  hear(listener: (said: unknown) => void): () => void;
}

/** All tabs of this browser that are `account`. Without the lock (pages that are not secure have none) each is alone. */
export function browserTabs(account: string): Tabs {
  let channel: BroadcastChannel | null = null;
  return {
    lead(hold) {
      if (navigator.locks) void navigator.locks.request(`${LOCK}-${account}`, hold);
      else void hold();
    },
    say: (said) => channel?.postMessage(said),
    hear(listener) {
      const opened = new BroadcastChannel(`${CHANNEL}-${account}`);
      opened.addEventListener("message", ({ data }: MessageEvent<unknown>) => listener(data));
      channel = opened;
      return () => {
        opened.close();
        if (channel === opened) channel = null;
      };
    },
  };
}

export class PhoneSeat extends PhoneBase {
  private readonly tabs: Tabs;
  private readonly make: () => PhonePort;
  private phone: PhonePort | null = null;
  private giveUp: (() => void) | null = null;
  private deaf: (() => void) | null = null;
  private wished = false;
  private asking = false;
  /** When another tab has asked to lead next. */
  private askedAt: number | null = null;

  /** `make` makes the real phone, in the tab that leads. */
  constructor(tabs: Tabs, make: () => PhonePort) {
    super();
    this.tabs = tabs;
    this.make = make;
  }

  /** Whether the phone is in this tab. */
  get leads(): boolean {
    return this.phone !== null;
  }

  start(): void {
    if (this.wished) return;
    this.wished = true;
    this.become({ link: "connecting", problem: null });
    this.deaf = this.tabs.hear((said) => this.heard(said as Said));
    this.queueUp();
    this.tabs.say({ kind: "who" } satisfies Said);
  }

  stop(): void {
    this.wished = false;
    this.stepDown();
    this.deaf?.();
    this.deaf = null;
    this.become(NO_PHONE);
  }

  answer(): void {
    if (this.phone) this.phone.answer();
    else this.ask((call) => ({ kind: "answer", call }));
  }

  end(): void {
    if (this.phone) this.phone.end();
    else this.ask((call) => ({ kind: "end", call }));
  }

  mute(muted: boolean): void {
    if (this.phone) this.phone.mute(muted);
    else this.ask((call) => ({ kind: "mute", call, muted }));
  }

  /** Asks the tab that leads for something about the call that is shown here. */
  private ask(what: (call: string) => Said): void {
    const { call } = this.state;
    if (call) this.tabs.say(what(call.id));
  }

  /** Asks the tab that leads to let this one lead. It does, unless it is in a call. */
  takeOver(): void {
    if (this.phone) return;
    this.askedAt = null;
    this.tabs.say({ kind: "yield" } satisfies Said);
  }

  private queueUp(): void {
    if (this.asking) return;
    this.asking = true;
    this.tabs.lead(async () => {
      this.asking = false;
      if (!this.wished) return;
      const asked = this.askedAt;
      this.askedAt = null;
      if (asked === null || Date.now() - asked > WISH_TIME) return this.begin();
      // Another tab has asked for it and waits behind this one: it is let past, once.
      this.queueUp();
    });
  }

  private begin(): Promise<void> {
    const phone = this.make();
    this.phone = phone;
    const unsubscribe = phone.subscribe(() => this.tell());
    phone.start();
    this.tell();
    return new Promise((done) => {
      this.giveUp = () => {
        unsubscribe();
        phone.stop();
        this.phone = null;
        this.giveUp = null;
        done();
      };
    });
  }

  private stepDown(): void {
    this.giveUp?.();
  }

  private tell(): void {
    if (!this.phone) return;
    this.become(this.phone.state);
    this.tabs.say({ kind: "state", state: this.phone.state } satisfies Said);
  }

  private heard(said: Said): void {
    const phone = this.phone;
    if (!phone) {
      if (said.kind === "state") this.become(said.state);
      else if (said.kind === "yield") this.askedAt = Date.now();
      return;
    }
    switch (said.kind) {
      case "who":
        return this.tell();
      case "answer":
      case "end":
      case "mute":
        // That call is over: who asked sees the one that is.
        if (phone.state.call?.id !== said.call) return this.tell();
        if (said.kind === "answer") return phone.answer();
        return said.kind === "end" ? phone.end() : phone.mute(said.muted);
      case "yield":
        if (phone.state.call) return this.tell();
        this.stepDown();
        this.become({ link: "connecting" });
        // Behind whoever asked: the lock goes round in the order of those who wait.
        return this.queueUp();
      case "state":
        return;
    }
  }
}
