/** The browser as a phone, with a server that is made up: what it sends, and what it makes of what comes. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { JsSipPhone } from "./jssip";
import { answerTo, Connection, inDialog, line, microphoneToBe, Server, take } from "./wireFake";

/** To where it has registered from. */
const invite = (contact: string): string => `
  INVITE ${contact} SIP/2.0
  Via: SIP/2.0/WS 127.0.0.1:8080;branch=z9hG4bK-one
  Max-Forwards: 70
  From: "Clara Busch" <sip:+49301234@acme.test>;tag=caller
  To: <sip:1001@acme.test>
  Call-ID: call-one
  CSeq: 1 INVITE
  Contact: <sip:127.0.0.1:8080;transport=ws>
  Content-Type: application/sdp
  Content-Length: 0`;

let phone: JsSipPhone;

beforeEach(() => {
  vi.stubGlobal("WebSocket", Server);
  // Asked for before anything rings; used only by an answer.
  vi.stubGlobal("RTCPeerConnection", class {});
  phone = new JsSipPhone({ sipUri: "sip:1001@acme.test", websocket: "/sip", displayName: "Ann Ash", token: () => "cbs_x" });
});

afterEach(() => {
  phone.stop();
  localStorage.clear();
  vi.unstubAllGlobals();
});

async function registered(): Promise<{ server: Server; INVITE: string }> {
  phone.start();
  const register = await Server.last.waits("REGISTER");
  Server.last.say(answerTo(register, "200 OK", `${line(register, "Contact")}\n  `));
  await vi.waitFor(() => expect(phone.state.link).toBe("ready"));
  const contact = /<(.*?)>/.exec(line(register, "Contact"))?.[1] ?? "";
  return { server: Server.last, INVITE: invite(contact) };
}

test("it registers with the login, without a secret, over the subprotocol of SIP", async () => {
  phone.start();
  const register = await Server.last.waits("REGISTER");
  expect(Server.last.url).toMatch(/^ws:\/\/.*\/sip$/);
  expect(Server.last.protocols).toEqual(["sip", "bearer.cbs_x"]);
  expect(line(register, "To")).toContain("<sip:1001@acme.test>");
  expect(register).not.toMatch(/authorization/i);
  expect(phone.state.link).toBe("connecting");
});

test("it is ready once it is registered, and refused says why", async () => {
  await registered();
  phone.stop();
  phone.start();
  const register = await Server.last.waits("REGISTER");
  Server.last.say(answerTo(register, "403 Not your extension"));
  await vi.waitFor(() => expect(phone.state).toMatchObject({ link: "refused", problem: "Not your extension" }));
});

test("a call rings with number and name, and is declined as 603", async () => {
  const { server, INVITE } = await registered();
  server.say(INVITE);
  await vi.waitFor(() => expect(phone.state.call?.state).toBe("ringing"));
  expect(phone.state.call).toMatchObject({ direction: "in", number: "+49301234", name: "Clara Busch" });
  phone.end();
  expect(await server.waits("SIP/2.0 603")).toContain("call-one");
  expect(phone.state.call).toBeNull();
});

test("while one call lasts, another is refused as busy", async () => {
  const { server, INVITE } = await registered();
  server.say(INVITE);
  await vi.waitFor(() => expect(phone.state.call).not.toBeNull());
  server.say(INVITE.replaceAll("one", "two"));
  expect(await server.waits("SIP/2.0 486")).toContain("call-two");
  expect(phone.state.call?.name).toBe("Clara Busch");
});

test("a caller who gives up ends the ring", async () => {
  const { server, INVITE } = await registered();
  server.say(INVITE);
  await vi.waitFor(() => expect(phone.state.call).not.toBeNull());
  server.say(INVITE.replace("INVITE sip", "CANCEL sip").replace("1 INVITE", "1 CANCEL").replace("Content-Type: application/sdp\n  ", ""));
  await vi.waitFor(() => expect(phone.state.call).toBeNull());
});

test("a caller who gives up while the microphone is asked for leaves it closed", async () => {
  const { stop, getUserMedia, allow } = microphoneToBe();
  const { server, INVITE } = await registered();
  server.say(INVITE);
  await vi.waitFor(() => expect(phone.state.call).not.toBeNull());
  phone.answer();
  phone.answer();
  expect(getUserMedia).toHaveBeenCalledTimes(1);
  server.say(INVITE.replace("INVITE sip", "CANCEL sip").replace("1 INVITE", "1 CANCEL").replace("Content-Type: application/sdp\n  ", ""));
  await vi.waitFor(() => expect(phone.state.call).toBeNull());
  allow();
  await vi.waitFor(() => expect(stop).toHaveBeenCalled());
  expect(phone.state.problem).toBeNull();
});

test("an answer sends what the microphone hears, and the end of the call closes it", async () => {
  const { stop, track, allow } = microphoneToBe();
  const sent = vi.fn();
  vi.stubGlobal("RTCPeerConnection", class extends Connection {
    addTrack = sent;
  });
  const { server, INVITE } = await registered();
  server.say(INVITE);
  await vi.waitFor(() => expect(phone.state.call).not.toBeNull());
  phone.answer();
  allow();
  await vi.waitFor(() => expect(sent).toHaveBeenCalledWith(track, expect.anything()));
  expect(stop).not.toHaveBeenCalled();
  phone.end();
  await vi.waitFor(() => expect(stop).toHaveBeenCalled());
});

test("without the permission the caller is told so, and she why", async () => {
  const { getUserMedia } = microphoneToBe();
  getUserMedia.mockRejectedValue(new Error("denied"));
  const { server, INVITE } = await registered();
  server.say(INVITE);
  await vi.waitFor(() => expect(phone.state.call).not.toBeNull());
  phone.answer();
  expect(await server.waits("SIP/2.0 480")).toContain("call-one");
  expect(phone.state).toMatchObject({ call: null, problem: "User Denied Media Access" });
});

/** What a page before this one has kept of its call. */
const KEPT = {
  callId: "call-kept",
  localTag: "page",
  remoteTag: "server",
  local: "sip:1001@acme.test",
  remote: "sip:+49301234@acme.test",
  target: "sip:127.0.0.1:8080;transport=ws",
  routes: [],
  name: "Clara Busch",
  muted: true,
};
const keepCall = (kept: string) => localStorage.setItem("call.sip:1001@acme.test", kept);

test("a call of the page before is asked for in its dialog, and talked on in, still muted", async () => {
  class Connection extends EventTarget {
    getSenders = () => [];
    getTransceivers = () => [];
    addTransceiver = vi.fn();
    createOffer = () => new Promise(() => {});
    close = vi.fn();
  }
  vi.stubGlobal("RTCPeerConnection", Connection);
  keepCall(JSON.stringify(KEPT));
  const { server } = await registered();
  const options = await server.waits("OPTIONS sip:127.0.0.1:8080;transport=ws");
  expect(line(options, "Call-ID")).toBe("Call-ID: call-kept");
  expect(line(options, "From")).toContain("tag=page");
  expect(line(options, "To")).toContain("tag=server");
  expect(phone.state.call).toMatchObject({ state: "talking", muted: true });
  expect(server.heard.some((text) => text.startsWith("INVITE"))).toBe(false);
  server.say(answerTo(options, "200 OK").replace("tag=server;tag=server", "tag=server"));
  await vi.waitFor(() => expect(phone.state.call).toMatchObject({ state: "talking", number: "+49301234", name: "Clara Busch", muted: true }));
  phone.stop();
  expect(line(await server.waits("BYE"), "Call-ID")).toBe("Call-ID: call-kept");
});

test("a call of whose end nothing is known is asked for again", async () => {
  vi.stubGlobal("RTCPeerConnection", class extends EventTarget {
    getSenders = () => [];
    close = () => {};
  });
  keepCall(JSON.stringify(KEPT));
  const { server } = await registered();
  await server.waits("OPTIONS");
  server.onclose?.({ wasClean: false, code: 1006, reason: "" });
  await vi.waitFor(() => expect(phone.state).toMatchObject({ call: null, link: "lost" }));
  expect(localStorage.length).toBe(1);
});

test("a call that is over meanwhile, or that cannot be read, is forgotten", async () => {
  vi.stubGlobal("RTCPeerConnection", class extends EventTarget {
    getSenders = () => [];
    close = () => {};
  });
  keepCall(JSON.stringify(KEPT));
  const { server } = await registered();
  const options = await server.waits("OPTIONS");
  server.say(answerTo(options, "481 Gone").replace("tag=server;tag=server", "tag=server"));
  await vi.waitFor(() => expect(localStorage.length).toBe(0));
  expect(phone.state.call).toBeNull();
  phone.stop();
  for (const broken of ["{", JSON.stringify({ ...KEPT, target: "nowhere" })]) {
    keepCall(broken);
    phone.start();
    const register = await Server.last.waits("REGISTER");
    Server.last.say(answerTo(register, "200 OK", `${line(register, "Contact")}\n  `));
    await vi.waitFor(() => expect(phone.state.link).toBe("ready"));
    expect(Server.last.heard.some((text) => text.startsWith("OPTIONS"))).toBe(false);
    phone.stop();
  }
});

test("without a microphone it is no phone, and with the next one it is again", async () => {
  let found = [{ kind: "audioinput", deviceId: "one", label: "Headset" }];
  const plugs = Object.assign(new EventTarget(), { enumerateDevices: async () => found });
  vi.stubGlobal("navigator", { ...navigator, userAgent: navigator.userAgent, mediaDevices: plugs });
  const { server } = await registered();
  found = [];
  plugs.dispatchEvent(new Event("devicechange"));
  const leave = await vi.waitFor(async () => {
    const last = await server.waits("REGISTER");
    expect(last).toMatch(/Expires: 0/);
    return last;
  });
  server.say(answerTo(leave, "200 OK"));
  await vi.waitFor(() => expect(phone.state.link).toBe("mute"));
  found = [{ kind: "audioinput", deviceId: "two", label: "Another" }];
  plugs.dispatchEvent(new Event("devicechange"));
  const back = await vi.waitFor(async () => {
    const last = await server.waits("REGISTER");
    expect(last).not.toMatch(/Expires: 0/);
    return last;
  });
  server.say(answerTo(back, "200 OK", `${line(back, "Contact")}\n  `));
  await vi.waitFor(() => expect(phone.state.link).toBe("ready"));
});

/** A call of the page before that was taken up, its offer on the way. */
async function takenUp(): Promise<{ server: Server; offer: string; connection: Connection }> {
  vi.stubGlobal("RTCPeerConnection", Connection);
  vi.stubGlobal("RTCSessionDescription", class {});
  keepCall(JSON.stringify({ ...KEPT, muted: false }));
  const { server } = await registered();
  server.say(inDialog(await server.waits("OPTIONS"), "200 OK"));
  return { server, offer: await server.waits("INVITE"), connection: Connection.last };
}

/** The same, agreed on and heard. */
async function talking() {
  const { server, offer, connection } = await takenUp();
  take(server, offer);
  await server.waits("ACK");
  connection.be("connected");
  return { server, connection };
}
const invites = (server: Server) => server.heard.filter((text) => text.startsWith("INVITE"));

test("a way that fails while the server is heard is offered anew, in words and without an end", async () => {
  const { server, connection } = await talking();
  connection.be("failed");
  await vi.waitFor(() => expect(invites(server)).toHaveLength(2));
  expect(connection.offers.at(-1)).toEqual({ iceRestart: true });
  expect(line(invites(server)[1]!, "Call-ID")).toBe("Call-ID: call-kept");
  expect([phone.state.call?.sound, server.heard.some((text) => text.startsWith("BYE"))]).toEqual(["trying", false]);
  take(server, invites(server)[1]!);
  connection.be("connected");
  expect(phone.state.call?.sound).toBe("well");
});

test("a way that is shaky for a moment is left alone, one that stays so is not", async () => {
  const { server, connection } = await talking();
  vi.useFakeTimers();
  connection.be("disconnected");
  await vi.advanceTimersByTimeAsync(2_000);
  connection.be("connected");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(invites(server)).toHaveLength(1);
  connection.be("disconnected");
  await vi.advanceTimersByTimeAsync(3_100);
  vi.useRealTimers();
  expect(invites(server)).toHaveLength(2);
});

test("a way that does not come back is told to be gone, tried on, and not for ever", async () => {
  const { server, connection } = await talking();
  vi.useFakeTimers();
  connection.be("failed");
  for (let minute = 0; minute < 30; minute += 1) {
    await vi.advanceTimersByTimeAsync(60_000);
    const open = server.heard.findLast((text) => text.startsWith("INVITE"));
    if (open) server.say(inDialog(open, "500 Broken"));
    if (minute === 0) expect(phone.state.call).toMatchObject({ state: "talking", sound: "gone" });
  }
  const tried = invites(server).length;
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  vi.useRealTimers();
  expect(invites(server).length).toBe(tried);
  expect(phone.state.call).toMatchObject({ state: "talking", sound: "gone" });
  phone.end();
  expect(phone.state.call).toBeNull();
});

test("a socket that is lost again while a call is taken up costs the call nothing", async () => {
  const { server } = await takenUp();
  server.readyState = 3;
  server.onclose?.({ wasClean: false, code: 1006, reason: "" });
  await vi.waitFor(() => expect(phone.state.link).toBe("lost"));
  expect(phone.state.call).toMatchObject({ state: "talking", number: "+49301234" });
  await vi.waitFor(() => expect(Server.last).not.toBe(server), { timeout: 5_000 });
  const register = await Server.last.waits("REGISTER");
  Server.last.say(answerTo(register, "200 OK", `${line(register, "Contact")}\n  `));
  const offer = await Server.last.waits("INVITE");
  expect(line(offer, "Call-ID")).toBe("Call-ID: call-kept");
  expect(localStorage.length).toBe(1);
}, 10_000);

test("a call that the server does not know any more is over", async () => {
  const { server, offer } = await takenUp();
  server.say(inDialog(offer, "481 Gone"));
  await vi.waitFor(() => expect(phone.state.call).toBeNull());
  expect(localStorage.length).toBe(0);
});
