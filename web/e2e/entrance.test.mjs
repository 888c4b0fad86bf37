/** Coming in and going: log-in, session, language, roles, and pages that are not there. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, logIn, look, person, silent, URL } from "./harness.mjs";

const agent = { email: "1001@acme.test", password: "desk-password-1001" };
const owner = { email: "owner@acme.test", password: process.env.CORDBOARD_OWNER_PASSWORD };

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

test("a wrong password is said, and the right one leads to the desk", async () => {
  const ann = await person(browser);
  await logIn(ann.page, { ...agent, password: "wrong-password" });
  await ann.page.getByText("Email or password is wrong.").waitFor();
  assert.equal(await ann.page.getByLabel("Email").inputValue(), agent.email, "what was typed is kept");
  await look(ann.page, "login-refused");
  await ann.page.getByLabel("Password", { exact: true }).fill(agent.password);
  await ann.page.keyboard.press("Enter");
  await ann.page.waitForURL("**/desk");
  await ann.page.getByText(/^Live/).waitFor();
  assert.equal(await ann.page.getByRole("link", { name: "Wallboard" }).count(), 0, "an agent has no wallboard");
  silent(ann);
  await ann.context.close();
});

test("a login outlives a reload, is shared by the tabs of one browser, and ends in all of them", async () => {
  const ann = await person(browser);
  await logIn(ann.page, agent);
  await ann.page.waitForURL("**/desk");
  await ann.page.reload();
  await ann.page.getByText(/^Live/).waitFor();
  const second = await ann.context.newPage();
  await second.goto(`${URL}/desk`);
  await second.getByText(/^Live/).waitFor();
  await second.getByRole("button", { name: /Your menu/ }).click();
  await second.getByRole("menuitem", { name: "Log out" }).click();
  await second.waitForURL("**/login");
  await ann.page.waitForURL("**/login");
  silent(ann);
  await ann.context.close();
});

test("whoever is not logged in is led back to where she wanted to go", async () => {
  const boss = await person(browser);
  await boss.page.goto(`${URL}/wallboard`);
  await boss.page.waitForURL("**/login?from=*");
  await look(boss.page, "login");
  await boss.page.getByLabel("Email").fill(owner.email);
  await boss.page.getByLabel("Password", { exact: true }).fill(owner.password);
  await boss.page.keyboard.press("Enter");
  await boss.page.waitForURL("**/wallboard");
  await boss.page.getByRole("heading", { name: "Wallboard" }).waitFor();
  await boss.page.getByRole("link", { name: "Administration" }).waitFor();
  silent(boss);
  await boss.context.close();
});

test("everything is there in German, too", async () => {
  const ben = await person(browser, { locale: "de-DE" });
  await ben.page.goto(URL);
  await ben.page.getByRole("heading", { name: "Anmelden" }).waitFor();
  await ben.page.getByRole("button", { name: "English" }).click();
  await ben.page.getByRole("heading", { name: "Log in" }).waitFor();
  assert.equal(await ben.page.evaluate(() => document.documentElement.lang), "en");
  await ben.page.reload();
  await ben.page.getByRole("heading", { name: "Log in" }).waitFor();
  silent(ben);
  await ben.context.close();
});

test("an address without a page says so", async () => {
  const eve = await person(browser);
  await eve.page.goto(`${URL}/no/such/page`);
  await eve.page.getByRole("heading", { name: "There is no such page" }).waitFor();
  await eve.page.goto(`${URL}/setup`);
  await eve.page.getByText(/lacks the part after #/).waitFor();
  await look(eve.page, "setup-without-secret");
  await eve.page.goto(`${URL}/invitation#cbi_wrong`);
  await eve.page.getByRole("alert").waitFor();
  assert.equal(new globalThis.URL(eve.page.url()).hash, "", "the secret leaves the address bar");
  silent(eve);
  await eve.context.close();
});

test("she sees where she is logged in, and takes a second factor into use", async () => {
  const ann = await person(browser);
  const { page } = ann;
  await logIn(page, agent);
  await page.waitForURL("**/desk");
  await page.getByRole("button", { name: /Your menu/ }).click();
  await page.getByRole("menuitem", { name: "Your account" }).click();
  await page.getByText("this one", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Set up or take away" }).click();
  await page.getByRole("img", { name: "The secret as a picture" }).waitFor();
  await look(page, "account");
  await page.getByLabel("Code").fill("000000");
  await page.getByRole("button", { name: "Take into use" }).click();
  await page.getByRole("alert").getByText(/code/i).waitFor();
  silent(ann);
  await ann.context.close();
});
