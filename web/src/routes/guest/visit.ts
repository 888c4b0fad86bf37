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

/** Who has asked for the microphone, and may have given up since. */
type Turn = object;

export class Visit extends Told<VisitState> {
  private readonly at: At;
  private readonly load: () => Promise<Dial>;
  private readonly ringer = new Ringer("speaker", ELSEWHERE);
  private phone: GuestPort | null = null;
  private turn: Turn = {};

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
    const turn = (this.turn = {});
    void this.ringer.unlock().catch(() => {});
    this.become({ ...BEGUN, stage: "asking" });
    const dial = this.load();
    // If it fails, that is said when it is wanted.
    dial.catch(() => {});
    const mouth = await listenIn().catch((problem: unknown) => {
      if (turn === this.turn) this.over({ why: REFUSALS[problem instanceof Error ? problem.name : ""] ?? "taken" });
      return null;
    });
    if (!mouth) return;
    // He has given up while the browser asked.
    if (turn !== this.turn) return letGo(mouth);
    this.become({ stage: "connecting" });
    const end = await this.connect(dial, name, mouth, turn).catch((): End => ({ why: "unreachable" }));
    if (!end) return;
    letGo(mouth);
    if (turn === this.turn) this.over(end);
  }

  /** Why it cannot be called; null: it is, and the phone has the microphone. */
  private async connect(loading: Promise<Dial>, name: string, mouth: MediaStream, turn: Turn): Promise<End | null> {
    const [given, dial] = await Promise.all([ticket(this.at, name), loading]);
    if ("why" in given) return given;
    if (turn !== this.turn) return { why: "given_up" };
    this.follow(dial(given, name, mouth));
    return null;
  }

  /** Hangs up, or gives up what has not begun. */
  end(): void {
    if (this.phone) return this.phone.end();
    const { stage } = this.state;
    this.turn = {};
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
    const look = (): void => {
      const { state } = phone;
      if (this.phone !== phone) return;
      if (state.stage === "over") return this.over(state.end ?? { why: "ended" });
      if (state.stage === "ringing" && this.state.stage !== "ringing") void this.ringer.start();
      if (state.stage === "talking") this.ringer.stop();
      this.become(state);
    };
    phone.subscribe(look);
    look();
  }

  private over(end: End): void {
    this.phone = null;
    this.ringer.stop();
    this.become({ stage: "over", end });
  }
}

function letGo(mouth: MediaStream): void {
  mouth.getTracks().forEach((track) => track.stop());
}
