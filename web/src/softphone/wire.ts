/** SIP over WebSocket (RFC 7118) with a word of who one is as a second subprotocol, so that it is in no address. */

const PROTOCOL = "sip";

export class Wire {
  readonly via_transport: string;
  readonly url: string;
  readonly sip_uri: string;
  onconnect: () => void = () => {};
  ondisconnect: (error: boolean, code?: number, reason?: string) => void = () => {};
  ondata: (data: string) => void = () => {};
  private socket: WebSocket | null = null;
  private readonly word: () => string;

  /** `path` on this server; the word as it is when the socket is opened: `bearer.` or `guest.`, and a secret. */
  constructor(path: string, word: () => string) {
    const url = new URL(path, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.url = url.href;
    this.via_transport = url.protocol === "wss:" ? "WSS" : "WS";
    this.sip_uri = `sip:${url.host};transport=ws`;
    this.word = word;
  }

  connect(): void {
    if (this.socket) return;
    const socket = new WebSocket(this.url, [PROTOCOL, this.word()]);
    this.socket = socket;
    socket.onopen = () => this.onconnect();
    socket.onmessage = (event: MessageEvent<string>) => this.ondata(event.data);
    socket.onclose = (event) => {
      if (this.socket === socket) this.socket = null;
      this.ondisconnect(!event.wasClean, event.code, event.reason);
    };
  }

  disconnect(): void {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onclose = null;
    // Done, not lost: a guest's ticket ends with it.
    socket.close(1000);
  }

  send(message: string): boolean {
    if (!this.isConnected()) return false;
    this.socket?.send(message);
    return true;
  }

  isConnected(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  isConnecting(): boolean {
    return this.socket?.readyState === WebSocket.CONNECTING;
  }
}
