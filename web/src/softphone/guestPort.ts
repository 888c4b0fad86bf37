/**
 * What the page of a call link needs of a phone: one call, begun by a guest, with whoever the link leads to. JsSIP is
 * behind it, or a pretence in tests.
 */
import type { Sound } from "./way";

/** Why there is no call, or no more. */
export type Why =
  | "ended"
  /** The guest has hung up before anybody answered. */
  | "given_up"
  | "busy"
  | "declined"
  /** It rang, and nobody answered. */
  | "no_answer"
  | "unavailable"
  /** The link leads to nobody any more. */
  | "unknown"
  /** Too many have called lately. */
  | "crowded"
  | "overloaded"
  /** This server has no phones in browsers. */
  | "no_phones"
  | "unreachable"
  /** The server has another version of this page by now, and not all of this one. */
  | "outdated"
  /** The connection broke, before anybody answered or for longer than a call lasts without it. */
  | "lost"
  | "failed"
  /** The browser or the guest refuses the microphone. */
  | "denied"
  | "mouthless"
  /** The microphone is there, and cannot be opened. */
  | "taken";

export interface End {
  why: Why;
  /** How long was talked, in milliseconds. */
  talked?: number;
  /** After how many seconds it may be tried again. */
  wait?: number;
}

export type Stage = "connecting" | "ringing" | "talking" | "over";

export interface GuestState {
  stage: Stage;
  /** Since when it is talked, by this browser's clock. */
  since: number | null;
  muted: boolean;
  /** The microphone is gone: nothing of the guest is heard. */
  silent: boolean;
  sound: Sound;
  end: End | null;
}

export interface GuestPort {
  readonly state: GuestState;
  subscribe(listener: () => void): () => void;
  /** A key for whatever listens to keys at the other end. */
  press(key: string): void;
  mute(muted: boolean): void;
  /** Tells 0 to 1, how loud the microphone is, until what it gives is called. */
  level(tell: (loud: number) => void): () => void;
  end(): void;
}

export const BEGUN: GuestState = {
  stage: "connecting",
  since: null,
  muted: false,
  silent: false,
  sound: "well",
  end: null,
};

/** What is read and waited for: a state, and who wants to know of it. */
export class Told<S extends object> {
  private current: S;
  private readonly listeners = new Set<() => void>();

  constructor(first: S) {
    this.current = first;
  }

  get state(): S {
    return this.current;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  protected become(next: Partial<S>): void {
    this.current = { ...this.current, ...next };
    this.listeners.forEach((listener) => listener());
  }
}
