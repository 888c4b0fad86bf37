/** A shift with this browser as the phone: what is said and heard, by her, by callers, and what a supervisor sees of it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, logIn, person, silent } from "./harness.mjs";
import { hear, hooks, microphone } from "./sound.mjs";
import { world } from "./world.mjs";

const agent = { email: "1001@acme.test", password: "desk-password-1001" };
const owner = { email: "owner@acme.test", password: process.env.CORDBOARD_OWNER_PASSWORD };
/** What everybody's microphone hears, in Hz. */
const [HERS, CALLER, BEN] = [700, 440, 1000];

let browser;
let ann;
let page;
let boss;
before(async () => {
  browser = await launch(microphone(HERS));
  ann = await person(browser);
  page = ann.page;
  await ann.context.addInitScript(hooks);
  await logIn(page, agent);
  await page.waitForURL("**/desk");
  boss = await person(browser);
  await logIn(boss.page, owner);
  await boss.page.waitForURL("**/wallboard");
});
after(() => browser?.close());

const button = (name) => page.getByRole("button", { name, exact: true });
const state = (word) => page.getByTestId("own-state").getByText(word).waitFor();
const talking = () => page.getByRole("region", { name: "Call in progress" }).waitFor();
/** What the supervisor sees of her. */
const seen = (word) => boss.page.getByRole("row", { name: /1001/ }).getByText(word).first().waitFor();
/** Both hear each other. */
const both = () => Promise.all([hear(page, CALLER), world(`caller hears ${HERS}`)]);

/** Asks the API as the page does. */
const ask = (path) =>
  page.evaluate(async (where) => {
    const token = Object.values(sessionStorage).find((value) => value.startsWith("cbs_"));
    const response = await fetch(`/v1/domains/~${where}`, { headers: { Authorization: `Bearer ${token}` } });
    return response.json();
  }, path);
/** Since when she is in her call, and in which. */
const where = async () => {
  const { state: word, state_since: since, call } = await ask("/agents/1001");
  return { word, since, call };
};

test("a caller comes through the queue, she answers, and they hear each other", async () => {
  await button("Start the shift").click();
  await page.getByText("The phone is being connected …").waitFor({ state: "detached" });
  await button("Ready").click();
  await seen("Ready");
  await world("caller calls");
  await seen("Ringing");
  await button("Answer").click();
  await talking();
  await seen("Queue call");
  await both();
  silent(ann);
});

test("keys reach the caller, and muted she is not heard", async () => {
  await button("Keypad").click();
  await button("5").click();
  await world("caller gets 5");
  await button("Mute").click();
  await world("caller hears nothing");
  await hear(page, CALLER);
  await button("Unmute").click();
  await both();
});

test("the page is loaded again in the middle of the call, still muted, and they talk on", async () => {
  const before = await where();
  await button("Mute").click();
  await button("Unmute").waitFor();
  await page.reload();
  await talking();
  await page.mouse.click(5, 5);
  await button("Unmute").waitFor();
  await hear(page, CALLER);
  await world("caller hears nothing");
  await button("Unmute").click();
  await both();
  assert.deepEqual(await where(), before, "the same call, and never out of it");
  await seen("Queue call");
  silent(ann);
});

test("the socket is lost and found again, and the caller is held and taken back", async () => {
  await page.evaluate(() => window.kept.sockets.filter(({ url }) => url.endsWith("/sip")).at(-1).close());
  await page.getByText("The phone has lost the server").waitFor();
  await page.getByText("The phone has lost the server").waitFor({ state: "detached" });
  await both();
  await button("Hold").click();
  await button("Take off hold").waitFor();
  await seen("on hold");
  await Promise.all([hear(page, 0), world(`caller hears no ${HERS}`)]);
  await button("Take off hold").click();
  await button("Hold").waitFor();
  await both();
});

test("the way of the sound breaks while the server is heard, and both hear each other again in the same call", async () => {
  const before = await where();
  const name = () => page.evaluate(() => /a=ice-ufrag:(\S+)/.exec(window.kept.connections.at(-1).localDescription.sdp)[1]);
  const first = await name();
  // On one machine no packet is lost: the page is told that none comes through.
  await page.evaluate(() => {
    const connection = window.kept.connections.at(-1);
    Object.defineProperty(connection, "iceConnectionState", { get: () => "failed", configurable: true });
    connection.dispatchEvent(new Event("iceconnectionstatechange"));
  });
  await page.getByRole("alert").getByText("The sound has broken off").waitFor();
  await page.evaluate(() => delete window.kept.connections.at(-1).iceConnectionState);
  await page.getByText("The sound has broken off").waitFor({ state: "detached" });
  assert.notEqual(await name(), first, "another way was offered");
  await both();
  assert.deepEqual(await where(), before);
  silent(ann);
});

test("a microphone that goes during the call is told in words, and the next one is taken", async () => {
  await page.evaluate(() => {
    const track = window.kept.tracks.findLast(({ readyState }) => readyState === "live");
    window.kept.refuse = true;
    track.stop();
    // A browser tells so by itself when the device goes, not when a script stops it.
    track.dispatchEvent(new Event("ended"));
  });
  await page.getByRole("alert").getByText(/microphone is gone: you are not heard\. Plug it in again/).waitFor();
  await Promise.all([hear(page, CALLER), world("caller hears nothing")]);
  await page.evaluate(() => {
    window.kept.refuse = false;
  });
  await page.getByText(/microphone is gone/).waitFor({ state: "detached" });
  await both();
});

test("the call is transferred, those two hear each other, and she wraps up", async () => {
  await button("Transfer").click();
  await page.getByRole("dialog").getByText("Agent 1002").click();
  await world("ben answers");
  await page.getByRole("region", { name: "Wrap-up" }).waitFor();
  await seen("Wrap-up");
  await Promise.all([world(`ben hears ${CALLER}`), world(`caller hears ${BEN}`)]);
  await button("Done, ready").click();
  await state("Ready");
  await seen("Ready");
  await world("caller hangs up");
  await world("ben is hung up");
  silent(ann);
});

test("without a microphone no call is offered to her, and with the next one she is there again", async () => {
  const plug = (there) =>
    page.evaluate((refuse) => {
      window.kept.refuse = refuse;
      navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
    }, !there);
  await plug(false);
  await page.getByRole("alert").getByText("There is no microphone, so no call reaches you here.").waitFor();
  await seen("no phone");
  await plug(true);
  await page.getByText("There is no microphone").waitFor({ state: "detached" });
  await seen("Ready");
});

test("a frozen page is seen to have no phone, gets no call and misses none; awake it gets the one that waits", async () => {
  // A browser freezes hidden pages only, and here each is in front: its script is halted, which is the same to others.
  const wire = await ann.context.newCDPSession(page);
  await wire.send("Debugger.enable");
  await wire.send("Debugger.pause");
  await seen("Offline");
  await seen("no phone");
  await world("caller calls");
  await boss.page.getByRole("row", { name: /\+4917012345/ }).waitFor();
  // Long enough for an offer, if one were made.
  await boss.page.waitForTimeout(1_500);
  await seen("Offline");
  await wire.send("Debugger.resume");
  await wire.send("Debugger.disable");
  await seen("Ringing");
  await button("Answer").click();
  await talking();
  await seen("Queue call");
  await both();
  const [queue] = (await ask("/agents/1001")).queues;
  assert.deepEqual([queue.answered, queue.missed], [2, 0]);
  silent(ann);
});

test("the tab that has the phone is closed in the middle of the call, and another one talks on", async () => {
  const other = await ann.context.newPage();
  await other.goto(page.url());
  await other.getByText("The phone is in another tab.").waitFor();
  const before = await where();
  await page.close();
  page = other;
  await page.mouse.click(5, 5);
  await both();
  assert.deepEqual(await where(), before);
  await button("Hang up").click();
  await seen("Wrap-up");
  silent(ann);
  silent(boss);
});
