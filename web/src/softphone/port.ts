/**
 * What the desk needs of a phone, whoever is behind it: JsSIP in this tab, the tab that leads, or a pretence in tests.
 *
 * Holding, transferring and pressing keys are requests to the server, which does them for desk phones too; here is only
 * what no one but the device can do.
 */

/**
 * `off`: not wished. `connecting`: on the way. `ready`: registered. `lost`: tries again by itself. `refused`: does not.
 * `mute`: there is no microphone, so no call is wanted until there is.
 */
export type Link = "off" | "connecting" | "ready" | "lost" | "refused" | "mute";

export interface PhoneCall {
  id: string;
  direction: "in" | "out";
  /** `ringing`: this phone rings. `calling`: the other one does. */
  state: "ringing" | "calling" | "talking";
  /** Who is on the other side, as the call itself says it. */
  number: string;
  name: string;
  muted: boolean;
  /** The microphone is gone: the other side hears nothing. */
  silent?: boolean;
  /** The way for sound is broken: neither side hears the other. `gone`: it has been for a while. */
  sound?: "well" | "trying" | "gone";
}

export interface PhoneState {
  link: Link;
  /** What is in the way, in the words of whoever refused. */
  problem: string | null;
  call: PhoneCall | null;
}

export interface PhonePort {
  readonly state: PhoneState;
  subscribe(listener: () => void): () => void;
  /** Registers, and stays registered until `stop`. */
  start(): void;
  stop(): void;
  answer(): void;
  /** Before the answer: declines. Later: hangs up. */
  end(): void;
  mute(muted: boolean): void;
}

export const NO_PHONE: PhoneState = { link: "off", problem: null, call: null };

/** The part of a phone that all have in common: a state, and who wants to know of it. */
export abstract class PhoneBase implements PhonePort {
  private current: PhoneState = NO_PHONE;
  private readonly listeners = new Set<() => void>();

  get state(): PhoneState {
    return this.current;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  protected become(next: Partial<PhoneState>): void {
    this.current = { ...this.current, ...next };
    this.listeners.forEach((listener) => listener());
  }

  protected becomeCall(next: Partial<PhoneCall>): void {
    if (this.current.call) this.become({ call: { ...this.current.call, ...next } });
  }

  abstract start(): void;
  abstract stop(): void;
  abstract answer(): void;
  abstract end(): void;
  abstract mute(muted: boolean): void;
}
