/** What a guest does on the page of a call link: allows the microphone, calls, talks, and calls again. */
import { BEGUN, type End, type GuestPort, type GuestState, Told, type Why } from "~/softphone/guestPort";
import { listenIn } from "~/softphone/mouth";
import { ELSEWHERE, Ringer } from "~/softphone/ringer";
import { type At, type Ticket, ticket } from "./links";

export interface VisitState extends Omit<GuestState, "stage"> {
  /** `asking`: the browser asks whether the microphone may be heard. */
  stage: "ready" | "asking" | GuestState["stage"];
}

/** Makes the phone of a call. */
export type Dial = (ticket: Ticket, name: string, mouth: MediaStream) => GuestPort;

/** JsSIP is loaded when somebody calls, and not before. */
const loadDial = async (): Promise<Dial> => {
  const { GuestPhone } = await import("~/softphone/guest");
  return ({ ticket: word, sip_uri: sipUri, dial, websocket }, name, mouth) =>
    new GuestPhone({ ticket: word, sipUri, dial, websocket, name, mouth });
};

/** What browsers call it that there is no microphone to be had (Media Capture and Streams, section 10.2). */
const REFUSALS: Record<string, Why> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "mouthless",
  OverconstrainedError: "mouthless",
};

export class Visit extends Told<VisitState> {
  private readonly at: At;
  private readonly load: () => Promise<Dial>;
  private readonly ringer = new Ringer("speaker", ELSEWHERE);
  private phone: GuestPort | null = null;
  /** What the microphone hears, until a phone has it. */
  private mouth: MediaStream | null = null;
  /** Of the call that is begun; aborted when it is given up. */
  private turn = new AbortController();

  constructor(at: At, load: () => Promise<Dial> = loadDial) {
    super({ ...BEGUN, stage: "ready" });
    this.at = at;
    this.load = load;
  }

  get busy(): boolean {
    return this.state.stage !== "ready" && this.state.stage !== "over";
  }

  /** Call it in a click, so that the browser lets something be heard. Called twice it calls once. */
  async call(name: string): Promise<void> {
    if (this.busy) return;
    const { signal } = (this.turn = new AbortController());
    void this.ringer.unlock().catch(() => {});
    this.become({ ...BEGUN, stage: "asking" });
    // If it fails, that is said when it is wanted.
    const loading = this.load().catch(() => null);
    const mouth = await listenIn().catch((problem: unknown) => {
      if (!signal.aborted) this.over({ why: REFUSALS[problem instanceof Error ? problem.name : ""] ?? "taken" });
      return null;
    });
    if (!mouth) return;
    // He has given up while the browser asked.
    if (signal.aborted) return letGo(mouth);
    this.mouth = mouth;
    this.become({ stage: "connecting" });
    const end = await this.connect(loading, plain(name), mouth, signal);
    if (end && !signal.aborted) this.over(end);
  }

  /** Why it cannot be called; null: it is, and the phone has the microphone, or it is not wanted any more. */
  private async connect(
    loading: Promise<Dial | null>,
    name: string,
    mouth: MediaStream,
    signal: AbortSignal,
  ): Promise<End | null> {
    const asking = ticket(this.at, name, signal).catch((): End => ({ why: "unreachable" }));
    const [given, dial] = await Promise.all([asking, loading]);
    if (signal.aborted) return null;
    if ("why" in given) return given;
    // The server answers, and has not what this page is made of.
    if (!dial) return { why: "outdated" };
    try {
      this.follow(dial(given, name, mouth));
    } catch {
      return { why: "failed" };
    }
    return null;
  }

  /** Hangs up, or gives up what has not begun. */
  end(): void {
    if (this.phone) return this.phone.end();
    const { stage } = this.state;
    this.turn.abort();
    this.quiet();
    if (stage === "asking") this.become({ stage: "ready" });
    if (stage === "connecting") this.over({ why: "given_up" });
  }

  press(key: string): void {
    this.phone?.press(key);
  }

  mute(muted: boolean): void {
    this.phone?.mute(muted);
  }

  level(tell: (loud: number) => void): () => void {
    return this.phone?.level(tell) ?? (() => {});
  }

  private follow(phone: GuestPort): void {
    this.phone = phone;
    this.mouth = null;
    const look = (): void => {
      const { state } = phone;
      if (this.phone !== phone) return;
      if (state.stage === "over") return this.over(state.end ?? { why: "ended" });
      if (state.stage === "ringing" && this.state.stage !== "ringing") void this.ringer.start();
      if (state.stage === "talking") this.ringer.close();
      this.become(state);
    };
    phone.subscribe(look);
    look();
  }

  private over(end: End): void {
    this.phone = null;
    this.quiet();
    this.become({ stage: "over", end });
  }

  /** Nothing is heard any more, on either side. */
  private quiet(): void {
    this.ringer.close();
    if (this.mouth) letGo(this.mouth);
    this.mouth = null;
  }
}

/** A name in one line, which a tab that was pasted with it is no part of: the server refuses it. */
const plain = (name: string): string => name.replaceAll(/\p{Cc}/gu, " ").trim();

function letGo(mouth: MediaStream): void {
  mouth.getTracks().forEach((track) => track.stop());
}
