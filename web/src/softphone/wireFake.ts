/** A server, a microphone and a connection that are made up: what the browser's phones are tried with. */
import { vi } from "vitest";

/** The server's side of a socket: every message that came, and the way to answer. */
export class Server {
  static last: Server;
  static readonly OPEN = 1;
  static readonly CONNECTING = 0;
  readonly protocols: string[];
  readonly url: string;
  readonly heard: string[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { wasClean: boolean; code: number; reason: string }) => void) | null = null;

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
    Server.last = this;
    setTimeout(() => {
      this.readyState = Server.OPEN;
      this.onopen?.();
    });
  }

  send(text: string): void {
    this.heard.push(text);
  }

  close(): void {
    this.readyState = 3;
  }

  say(text: string): void {
    this.onmessage?.({ data: text.trim().replaceAll(/\n */g, "\r\n") + "\r\n\r\n" });
  }

  /** The newest message that begins so. */
  async waits(start: string): Promise<string> {
    return vi.waitFor(() => {
      const found = this.heard.findLast((text) => text.startsWith(start));
      if (!found) throw new Error(`no ${start} among ${this.heard.map((text) => text.split("\r\n")[0]).join(", ")}`);
      return found;
    });
  }
}

export const line = (message: string, name: string): string =>
  message.split("\r\n").find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`)) ?? "";

export const answerTo = (request: string, status: string, more = ""): string => `
  SIP/2.0 ${status}
  ${line(request, "Via")}
  ${line(request, "From")}
  ${line(request, "To")};tag=server
  ${line(request, "Call-ID")}
  ${line(request, "CSeq")}
  ${more}Content-Length: 0`;

/** A microphone whose permission the test gives. */
export function microphoneToBe() {
  const stop = vi.fn();
  const track = { kind: "audio", enabled: true, stop, addEventListener: () => {} };
  const tracks = () => [track];
  let allow = () => {};
  const getUserMedia = vi.fn(
    () => new Promise((resolve) => (allow = () => resolve({ getTracks: tracks, getAudioTracks: tracks, getVideoTracks: () => [] }))),
  );
  const mediaDevices = Object.assign(new EventTarget(), { enumerateDevices: async () => [{ kind: "audioinput" }], getUserMedia });
  vi.stubGlobal("navigator", { ...navigator, userAgent: navigator.userAgent, mediaDevices });
  return { stop, track, getUserMedia, allow: () => allow() };
}

/** A connection that has what is asked of it, and whose way the test breaks and mends. */
export class Connection extends EventTarget {
  static last: Connection;
  iceConnectionState = "new";
  connectionState = "new";
  iceGatheringState = "complete";
  localDescription: unknown = null;
  offers: unknown[] = [];
  getSenders = () => [];
  getTransceivers = () => [];
  addTransceiver = () => {};
  setRemoteDescription = async () => {};
  close = vi.fn();

  constructor() {
    super();
    Connection.last = this;
  }

  createOffer = async (how: unknown) => {
    this.offers.push(how);
    return { type: "offer", sdp: `v=0\r\ns=offer ${this.offers.length}\r\n` };
  };
  setLocalDescription = async (description: unknown) => {
    this.localDescription = description;
    setTimeout(() => this.dispatchEvent(new Event("icegatheringstatechange")));
  };

  be(state: string) {
    this.iceConnectionState = state;
    this.dispatchEvent(new Event("iceconnectionstatechange"));
  }
}

export const inDialog = (request: string, status: string, more = "") => answerTo(request, status, more).replace("tag=server;tag=server", "tag=server");

/** The server takes an offer. */
export const take = (server: Server, offer: string) =>
  server.say(inDialog(offer, "200 OK", "Contact: <sip:127.0.0.1:8080;transport=ws>\n  Content-Type: application/sdp\n  ").replace("Content-Length: 0", "Content-Length: 5\n\n  v=0"));
