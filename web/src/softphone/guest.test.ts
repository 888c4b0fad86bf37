/** A guest's one call, with a server that is made up: what is sent, and what becomes of it. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GuestPhone } from "./guest";
import { answerTo, Connection, inDialog, line, Server, take } from "./wireFake";

class Track extends EventTarget {
  readonly kind = "audio";
  enabled = true;
  stop = vi.fn();
}

let track: Track;
let phone: GuestPhone;

beforeEach(() => {
  vi.stubGlobal("WebSocket", Server);
  vi.stubGlobal("RTCPeerConnection", class extends Connection {
    addTrack = () => {};
  });
  vi.stubGlobal("RTCSessionDescription", class {});
  track = new Track();
});
afterEach(() => {
  phone.end();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function call(name = "Bob"): GuestPhone {
  const mouth = { getTracks: () => [track], getAudioTracks: () => [track], getVideoTracks: () => [] } as unknown as MediaStream;
  phone = new GuestPhone({
    ticket: "t1",
    sipUri: "sip:guest-1a@acme.test",
    dial: "sip:anna@acme.test",
    websocket: "/sip",
    name,
    mouth,
  });
  return phone;
}

/** The offer is with the server. */
async function offered(name?: string) {
  call(name);
  const invite = await Server.last.waits("INVITE");
  return { server: Server.last, invite };
}

async function talking() {
  const { server, invite } = await offered();
  server.say(answerTo(invite, "180 Ringing"));
  await vi.waitFor(() => expect(phone.state.stage).toBe("ringing"));
  take(server, invite);
  await server.waits("ACK");
  await vi.waitFor(() => expect(phone.state.stage).toBe("talking"));
  return server;
}

test("it calls with a ticket and a name, and registers nowhere", async () => {
  const { server, invite } = await offered();
  expect(server.protocols).toEqual(["sip", "guest.t1"]);
  expect(invite).toMatch(/^INVITE sip:anna@acme\.test SIP/);
  expect(line(invite, "From")).toMatch(/^From: "Bob" <sip:guest-1a@acme\.test>/);
  expect(server.heard.some((text) => text.startsWith("REGISTER"))).toBe(false);
  expect(phone.state.stage).toBe("connecting");
});

test("a name is a name, whatever stands in it", async () => {
  const { invite } = await offered('B"ob\r\nX-Evil: yes\\');
  expect(line(invite, "From")).toContain('"B\\"ob  X-Evil: yes\\\\"');
  expect(line(invite, "X-Evil")).toBe("");
});

test("it rings, it is answered, keys are sent, and the guest hangs up", async () => {
  const server = await talking();
  phone.press("5");
  const info = await server.waits("INFO");
  expect(line(info, "Content-Type")).toBe("Content-Type: application/dtmf-relay");
  expect(info).toContain("Signal=5");
  phone.end();
  await server.waits("BYE");
  expect(phone.state).toMatchObject({ stage: "over", end: { why: "ended" } });
  expect(track.stop).toHaveBeenCalled();
});

test("the other side hangs up", async () => {
  const server = await talking();
  const invite = await server.waits("INVITE");
  server.say(`
    BYE ${/<(.*?)>/.exec(line(invite, "Contact"))?.[1]} SIP/2.0
    Via: SIP/2.0/WS 127.0.0.1:8080;branch=z9hG4bK-bye
    From: <sip:anna@acme.test>;tag=server
    ${line(invite, "From").replace("From:", "To:")}
    ${line(invite, "Call-ID")}
    CSeq: 7 BYE
    Content-Length: 0`);
  await vi.waitFor(() => expect(phone.state.end?.why).toBe("ended"));
  expect(track.stop).toHaveBeenCalled();
});

test.each([
  ["486 Busy Here", "busy"],
  ["603 Decline", "declined"],
  ["480 Temporarily Unavailable", "unavailable"],
  ["404 Not Found", "unknown"],
  ["488 Not Acceptable Here", "failed"],
])("%s means %s, and lets the microphone go", async (status, why) => {
  const { server, invite } = await offered();
  server.say(answerTo(invite, status));
  await vi.waitFor(() => expect(phone.state).toMatchObject({ stage: "over", end: { why } }));
  expect(track.stop).toHaveBeenCalled();
});

test("where it has rung, nobody was there to answer", async () => {
  const { server, invite } = await offered();
  server.say(answerTo(invite, "180 Ringing"));
  server.say(answerTo(invite, "480 Temporarily Unavailable"));
  await vi.waitFor(() => expect(phone.state.end).toEqual({ why: "no_answer" }));
});

test("a server without a free line says when to try again", async () => {
  const { server, invite } = await offered();
  server.say(answerTo(invite, "503 Service Unavailable", "Retry-After: 20\n  "));
  await vi.waitFor(() => expect(phone.state.end).toEqual({ why: "overloaded", wait: 20 }));
});

test("who gives up while it rings takes the call back", async () => {
  const { server, invite } = await offered();
  server.say(answerTo(invite, "180 Ringing"));
  await vi.waitFor(() => expect(phone.state.stage).toBe("ringing"));
  phone.end();
  await server.waits("CANCEL");
  expect(phone.state.end).toEqual({ why: "given_up" });
  expect(track.stop).toHaveBeenCalled();
});

test("a server that is not reached is not waited for for ever", async () => {
  vi.useFakeTimers();
  call();
  Server.last.onopen = null;
  await vi.advanceTimersByTimeAsync(13_000);
  expect(phone.state.end).toEqual({ why: "unreachable" });
  expect(track.stop).toHaveBeenCalled();
});

test("a socket that breaks while it rings ends the call, and not as if the guest had", async () => {
  const { server, invite } = await offered();
  server.say(answerTo(invite, "180 Ringing"));
  await vi.waitFor(() => expect(phone.state.stage).toBe("ringing"));
  server.readyState = 3;
  server.onclose?.({ wasClean: false, code: 1006, reason: "" });
  await vi.waitFor(() => expect(phone.state.end).toEqual({ why: "lost" }));
});

test("a socket that is found again offers another way in the same call, by the same ticket", async () => {
  const server = await talking();
  const first = await server.waits("INVITE");
  server.readyState = 3;
  server.onclose?.({ wasClean: false, code: 1006, reason: "" });
  await vi.waitFor(() => expect(Server.last).not.toBe(server), { timeout: 5_000 });
  const again = await Server.last.waits("INVITE");
  expect(Server.last.protocols).toEqual(["sip", "guest.t1"]);
  expect(line(again, "Call-ID")).toBe(line(first, "Call-ID"));
  expect(phone.state.stage).toBe("talking");
});

test("a way that fails is offered anew, and said to be broken meanwhile", async () => {
  const server = await talking();
  Connection.last.be("failed");
  await vi.waitFor(() => expect(server.heard.filter((text) => text.startsWith("INVITE"))).toHaveLength(2));
  expect(phone.state.sound).toBe("trying");
  server.say(inDialog(await server.waits("INVITE"), "500 Broken"));
  expect(phone.state.stage).toBe("talking");
});

test("a call that is ended here without being wished was lost", async () => {
  const server = await talking();
  Connection.last.be("failed");
  await vi.waitFor(() => expect(server.heard.filter((text) => text.startsWith("INVITE"))).toHaveLength(2));
  server.say(inDialog(await server.waits("INVITE"), "481 Call/Transaction Does Not Exist"));
  await vi.waitFor(() => expect(phone.state.end?.why).toBe("lost"));
});

test("where no speaker can be chosen, the system's own is heard", async () => {
  const play = vi.fn(async () => {});
  vi.stubGlobal("Audio", class {
    play = play;
    setSinkId = () => Promise.reject(new Error("none"));
  });
  await talking();
  // A refusal that nobody takes would fail all tests.
  Connection.last.dispatchEvent(Object.assign(new Event("track"), { streams: [{}], track }));
  await new Promise((done) => setTimeout(done));
  expect(play).toHaveBeenCalledOnce();
});
