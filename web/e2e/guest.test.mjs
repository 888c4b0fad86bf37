/** A guest talks to an agent by her call link: no login and no telephone on his side, her desk on hers. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, logIn, look, person, silent, URL } from "./harness.mjs";
import { hear, hooks, microphone } from "./sound.mjs";

const agent = { email: "1001@acme.test", password: "desk-password-1001" };
const LINK = `${URL}/call/acme.test/ann`;
/** What both microphones hear, in Hz: a browser has one, so each of them has a browser. */
const [HERS, HIS] = [700, 440];

let browsers;
let ann;
let bob;
/** Her page and his. */
let desk;
let page;
before(async () => {
  browsers = await Promise.all([launch(microphone(HERS)), launch(microphone(HIS))]);
  [ann, bob] = await Promise.all(browsers.map((browser) => person(browser)));
  await Promise.all([ann, bob].map(({ context }) => context.addInitScript(hooks)));
  [desk, page] = [ann.page, bob.page];
  await logIn(desk, agent);
  await desk.waitForURL("**/desk");
  await desk.getByRole("button", { name: "Start the shift" }).click();
  await desk.getByText("The phone is being connected …").waitFor({ state: "detached" });
});
after(() => Promise.all((browsers ?? []).map((browser) => browser.close())));

const button = (name) => page.getByRole("button", { name, exact: true });
/** A click just after the last call's end would belong to what ended it. */
const callAgain = async () => {
  await page.waitForTimeout(600);
  await button("Call again").click();
};
const says = (words) => page.getByRole("status").getByText(words).waitFor();
const incoming = () => desk.getByRole("region", { name: "Incoming call" });
const talks = () => desk.getByRole("region", { name: "Call in progress" });
const both = () => Promise.all([hear(page, HERS), hear(desk, HIS)]);

test("the link says whom it leads to, and asks for nothing but a name", async () => {
  await page.goto(LINK);
  await page.getByRole("heading", { name: /Call .*Agent 1001/ }).waitFor();
  await look(page, "guest");
  silent(bob);
});

test("without a microphone it says what to do, and what was typed stays", async () => {
  await page.getByLabel("Your name").fill("Bob Birch");
  await page.evaluate(() => {
    window.kept.refuse = true;
  });
  await button("Call").click();
  await says("There is no microphone");
  await look(page, "guest-without-a-microphone");
  await page.evaluate(() => {
    window.kept.refuse = false;
  });
  assert.equal(await page.getByLabel("Your name").inputValue(), "Bob Birch");
});

test("it rings at her desk with his name and no number, and he hears that it does", async () => {
  await callAgain();
  await incoming().getByText("Bob Birch").waitFor();
  await incoming().getByText("by call link").waitFor();
  await says("It is ringing …");
  await look(page, "guest-ringing");
  await look(desk, "desk-ringing-for-a-guest");
});

test("she answers, and they hear each other", async () => {
  await incoming().getByRole("button", { name: "Answer" }).click();
  await talks().getByText("Bob Birch").waitFor();
  await says("You are connected");
  await both();
  await look(page, "guest-talking");
  silent(bob);
  silent(ann);
});

/** Waits until the server has taken so many keys. */
const taken = (count) =>
  page.waitForFunction(
    (wanted) => window.heard.filter((text) => /^SIP\/2\.0 200/.test(text) && /^CSeq: \d+ INFO/m.test(text)).length === wanted,
    count,
  );

test("muted he is not heard, and the server takes the keys that he presses", async () => {
  await button("Mute").click();
  await Promise.all([hear(desk, 0), hear(page, HERS)]);
  await button("Unmute").click();
  await both();
  await page.evaluate(() => {
    window.heard = [];
    const socket = window.kept.sockets.findLast(({ url }) => url.endsWith("/sip"));
    socket.addEventListener("message", ({ data }) => window.heard.push(data));
  });
  await button("Keypad").click();
  await button("5").click();
  await page.keyboard.press("#");
  await taken(2);
  await look(page, "guest-keypad");
  await button("Keypad").click();
  await both();
});

test("his socket is lost and found again, and they talk on", async () => {
  const sockets = () => page.evaluate(() => window.kept.sockets.filter(({ url }) => url.endsWith("/sip")).length);
  const name = () => page.evaluate(() => /a=ice-ufrag:(\S+)/.exec(window.kept.connections.at(-1).localDescription.sdp)[1]);
  const [count, first] = [await sockets(), await name()];
  await page.evaluate(() => window.kept.sockets.findLast(({ url }) => url.endsWith("/sip")).close());
  await page.waitForFunction(
    (old) => !window.kept.connections.at(-1).localDescription.sdp.includes(`a=ice-ufrag:${old}`),
    first,
  );
  assert.equal(await sockets(), count + 1);
  await both();
  silent(bob);
});

test("the way of the sound breaks while the server is heard, and they hear each other again in the same call", async () => {
  // On one machine no packet is lost: the page is told that none comes through.
  await page.evaluate(() => {
    const connection = window.kept.connections.at(-1);
    Object.defineProperty(connection, "iceConnectionState", { get: () => "failed", configurable: true });
    connection.dispatchEvent(new Event("iceconnectionstatechange"));
  });
  await page.getByRole("alert").getByText("The sound has broken off").waitFor();
  await look(page, "guest-without-sound");
  await page.evaluate(() => delete window.kept.connections.at(-1).iceConnectionState);
  await page.getByRole("alert").waitFor({ state: "detached" });
  await both();
  silent(bob);
});

test("he hangs up; both pages say so, and she cannot call him back", async () => {
  await button("Hang up").click();
  await says("The call has ended");
  await look(page, "guest-over");
  await talks().waitFor({ state: "detached" });
  const row = desk.getByRole("listitem").filter({ hasText: "Bob Birch" });
  await row.getByText("by call link").waitFor();
  assert.equal(await row.getByRole("button", { name: "Call Bob Birch" }).isDisabled(), true);
  silent(ann);
});

test("he calls again and she declines: he is told so in words", async () => {
  await callAgain();
  await incoming().getByRole("button", { name: "Decline" }).click();
  await page.getByRole("status").getByText(/cannot take your call now/).waitFor();
  await look(page, "guest-declined");
  silent(bob);
});

test("he gives up while it rings, and leaving the page in a call ends it", async () => {
  await callAgain();
  await incoming().waitFor();
  await button("Cancel").click();
  await says("You have hung up");
  await incoming().waitFor({ state: "detached" });
  await callAgain();
  await incoming().getByRole("button", { name: "Answer" }).click();
  await says("You are connected");
  page.once("dialog", (dialog) => dialog.accept());
  await page.goto("about:blank");
  await talks().waitFor({ state: "detached" });
  silent(ann);
});

test("she shuts the link in her account, and it leads to nobody until she opens it again", async () => {
  await page.goto(LINK);
  await button("Call").waitFor();
  const account = await ann.context.newPage();
  await account.goto(`${URL}/account`);
  const open = account.getByRole("switch", { name: "Guests may call me by this link" });
  await account.getByText(LINK).waitFor();
  await look(account, "account-call-link");
  await open.click();
  await account.getByText("Saved.").waitFor();
  // He has had the page open since before.
  await button("Call").click();
  await page.getByRole("heading", { name: "This link leads to nobody" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "This link leads to nobody" }).waitFor();
  await look(page, "guest-nobody");
  await open.click();
  await open.and(account.locator(":checked:enabled")).waitFor();
  await page.reload();
  await button("Call").waitFor();
  silent(bob);
  silent(ann);
});
