/**
 * A server in front of the server: it passes everything on, but plays the event socket itself, from a domain that is
 * made up. For what cannot be had from a small real one: five hundred agents, names that are meant to do harm, a
 * socket that falls silent.
 */
import crypto from "node:crypto";
import http from "node:http";

const MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const TEXT = 0x81;
const CLOSE = 0x8;
const SHORT_MAX = 125;
const MIDDLE_MAX = 65_535;

/** Starts it before `upstream`. `answers` are `[pattern of a path, what is answered]`, for paths of made-up things. */
export async function feed(upstream, state, answers = []) {
  const sockets = new Set();
  let seq = 1;
  let silent = false;
  const server = http.createServer((request, response) => {
    const known = answers.find(([pattern]) => pattern.test(request.url));
    if (known) return answerWith(response, known[1]);
    const url = new globalThis.URL(request.url, upstream);
    const passed = http.request(url, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.writeHead(502).end());
    request.pipe(passed);
  });
  server.on("upgrade", (request, socket) => {
    if (silent) return socket.destroy();
    const accept = crypto.createHash("sha1").update(request.headers["sec-websocket-key"] + MAGIC).digest("base64");
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: cordboard.v1\r\n\r\n`,
    );
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    socket.on("data", (data) => {
      if (!silent && (data[0] & 0xf) !== CLOSE) send(socket, { type: "pong", at: new Date().toISOString() });
    });
    send(socket, { type: "snapshot", seq, at: new Date().toISOString(), state });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Tells one event to everybody. */
    tell(event) {
      seq += 1;
      const message = { type: "updated", seq, at: new Date().toISOString(), ...event };
      for (const socket of sockets) send(socket, message);
    },
    /** Says nothing any more and lets nobody in, as a wire does that was cut. */
    fallSilent() {
      silent = true;
    },
    speak() {
      silent = false;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function answerWith(response, body) {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function send(socket, message) {
  const text = Buffer.from(JSON.stringify(message));
  const head = text.length <= SHORT_MAX ? Buffer.alloc(2) : text.length <= MIDDLE_MAX ? Buffer.alloc(4) : Buffer.alloc(10);
  head[0] = TEXT;
  if (head.length === 2) head[1] = text.length;
  if (head.length === 4) {
    head[1] = SHORT_MAX + 1;
    head.writeUInt16BE(text.length, 2);
  }
  if (head.length === 10) {
    head[1] = SHORT_MAX + 2;
    head.writeBigUInt64BE(BigInt(text.length), 2);
  }
  socket.write(Buffer.concat([head, text]));
}

const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();

/** An agent as the event socket tells of her. */
export function agent(extension, name, state, queues, more = {}) {
  const since = more.state_since ?? ago(30 + (Number(extension) % 600));
  return {
    id: `a${extension}`,
    extension,
    name,
    status: "active",
    state,
    state_since: since,
    reason: null,
    registered: state !== "offline",
    dnd: false,
    forward_when: "never",
    call: null,
    queues: queues.map((queue) => ({
      queue,
      name: `Queue ${queue}`,
      state,
      state_since: since,
      available_for_dispatch: state === "ready",
      answered: 12,
      missed: 1,
      reason: more.reason ?? null,
      wrap_up_until: state === "wrap_up" ? ago(-40) : null,
      pending: null,
      pending_reason: null,
    })),
    ...more,
  };
}

const COUNTERS = [
  "abandoned", "abandoned_late", "answered", "answered_in_time", "callback_requested", "callbacks_cancelled", "callbacks_done",
  "callbacks_failed", "closed", "estimate_error", "estimate_exceeded", "estimated", "exited", "full", "night", "no_agents",
  "offered", "overflow_timeout", "overflowed", "removed", "talk_time", "wait_time",
];

export const queue = (number, name, more = {}) => ({
  ...Object.fromEntries(COUNTERS.map((key) => [key, 0])),
  id: `q${number}`,
  number,
  name,
  strategy: "longest_idle",
  waiting: 0,
  callbacks: 0,
  night_mode: false,
  ...more,
});

export const call = (id, state, caller, more = {}) => ({
  id,
  direction: "inbound",
  state,
  caller,
  dialed: "+493012345678",
  flow: null,
  learned: {},
  queue: null,
  enqueued_at: null,
  priority: null,
  offered_to: [],
  agent: null,
  held: false,
  started_at: ago(60),
  answered_at: null,
  ended_at: null,
  cause: null,
  queues: [],
  legs_count: 0,
  legs: [],
  ...more,
});

export const domain = (name) => ({ name, night_mode: false, timezone: "Europe/Berlin" });

export { ago };
