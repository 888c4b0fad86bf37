/** An agent's day at her desk, with a telephone on her table. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, logIn, look, person, silent } from "./harness.mjs";
import { world } from "./world.mjs";

const agent = { email: "1001@acme.test", password: "desk-password-1001" };

let browser;
let ann;
let page;
before(async () => {
  browser = await launch();
  ann = await person(browser);
  page = ann.page;
  await logIn(page, agent);
  await page.waitForURL("**/desk");
});
after(() => browser.close());

/** Her state, as every page shows it. */
const state = (word) => page.getByTestId("own-state").getByText(word).waitFor();
const button = (name) => page.getByRole("button", { name, exact: true });

test("a shift begins with a click, and logs her in to her queues", async () => {
  await page.getByRole("heading", { name: "Start the shift" }).waitFor();
  await page.getByText("Your phone is registered.").waitFor();
  await look(page, "desk-before-the-shift");
  await button("Start the shift").click();
  await page.getByRole("heading", { name: "No call" }).waitFor();
  await state("Not ready");
  silent(ann);
});

test("she is ready, or not, with a reason that everybody sees", async () => {
  await button("Ready").click();
  await state("Ready");
  await button("Not ready").click();
  await page.getByRole("menuitem", { name: "Lunch break" }).click();
  await state(/Lunch/);
  await look(page, "desk-not-ready");
  await page.keyboard.press("Alt+r");
  await state("Ready");
  silent(ann);
});

test("one field knows colleagues, states and pages, by keyboard alone", async () => {
  const field = page.getByRole("combobox", { name: "Search and commands" });
  await page.keyboard.press("Control+k");
  await field.waitFor();
  await page.keyboard.type("lunch");
  await page.getByRole("option", { name: /Lunch/, selected: true }).waitFor();
  await look(page, "palette");
  await page.keyboard.press("Enter");
  await state(/Lunch/);
  await page.keyboard.press("Control+k");
  await field.waitFor();
  await page.keyboard.type("ready");
  await page.getByRole("option", { name: "Ready", exact: true, selected: true }).waitFor();
  await page.keyboard.press("Enter");
  await state("Ready");
  await page.keyboard.press("Control+k");
  await field.waitFor();
  await page.keyboard.press("Escape");
  await field.waitFor({ state: "detached" });
  silent(ann);
});

test("why she gets no call is said, queue by queue", async () => {
  await button("Why am I not getting calls?").click();
  await page.getByText("The next call that is yours to have comes to you.").waitFor();
  await page.getByText("Your phone is registered.").waitFor();
  await button("Why am I not getting calls?").click();
});

test("a call is announced with its queue and caller, wherever she is in the app", async () => {
  await world("call");
  const incoming = page.getByRole("region", { name: "Incoming call" });
  await incoming.waitFor();
  await incoming.getByText("+4917012345").waitFor();
  await incoming.getByText("Support").waitFor();
  await page.getByRole("alert").getByText("Incoming call. Support: +4917012345").waitFor();
  assert.match(await page.title(), /^☎ Support/);
  await look(page, "desk-ringing");
  await world("answer");
  await page.getByRole("region", { name: "Call in progress" }).waitFor();
  await state("Queue call");
  assert.match(await page.title(), /^Desk/);
  silent(ann);
});

test("a call is held, has keys pressed, and says what comes after it", async () => {
  await button("Hold").click();
  await button("Take off hold").waitFor();
  await page.keyboard.press("Alt+h");
  await button("Hold").waitFor();
  await button("Keypad").click();
  await button("5").click();
  await button("Not ready after the call").click();
  await page.getByRole("menuitem", { name: "Paperwork" }).click();
  await page.getByText("After this call: not ready, Paperwork").waitFor();
  await look(page, "desk-talking");
  await button("Take back").click();
  await page.getByText("After this call: not ready, Paperwork").waitFor({ state: "detached" });
  await page.getByLabel("Notes").fill("Wants the blue one.");
  await page.keyboard.press("Alt+t");
  await page.getByRole("dialog").getByText("Agent 1002").waitFor();
  await look(page, "desk-transfer");
  await page.keyboard.press("Escape");
  await button("Hold").focus();
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText("Keys of the desk").waitFor();
  await look(page, "desk-keys");
  await page.keyboard.press("Escape");
  silent(ann);
});

test("wrap-up counts down by the server's clock, and ends when she says so", async () => {
  await world("caller hangs up");
  const wrapUp = page.getByRole("region", { name: "Wrap-up" });
  await wrapUp.getByText("Call with +4917012345").waitFor();
  await wrapUp.getByText(/^0:[0-5]\d$/).waitFor();
  await look(page, "desk-wrap-up");
  await page.reload();
  await wrapUp.getByText(/^0:[0-5]\d$/).waitFor();
  assert.equal(await wrapUp.getByLabel("Notes").inputValue(), "Wants the blue one.", "what was typed is kept");
  await wrapUp.getByLabel("What it was about").selectOption({ label: "Sold something" });
  await look(page, "desk-wrap-up-notes", { widths: [{ width: 1280, height: 800 }] });
  await button("Done, ready").click();
  await state("Ready");
  await page.getByRole("listitem").getByText("+4917012345").waitFor();
  silent(ann);
});

test("when the server dies, what is old is said to be so; when it is back, nobody has to do anything", async () => {
  await world("server dies");
  await page.getByText(/has not been heard since/).waitFor({ timeout: 30_000 });
  await look(page, "desk-stale");
  await button("Not ready").click();
  await page.getByRole("menuitem", { name: "Paperwork" }).click();
  await page.getByText(/The server does not answer/).waitFor();
  await world("server is back");
  await page.getByText(/^Live/).waitFor({ timeout: 30_000 });
  await page.getByText(/has not been heard since/).waitFor({ state: "detached" });
  // The browser itself complains of every connection that it could not make.
  ann.complaints.length = 0;
});

test("the end of the shift logs her out", async () => {
  await button("End the shift").click();
  await state("Logged out");
  await page.getByRole("heading", { name: "Start the shift" }).waitFor();
});
