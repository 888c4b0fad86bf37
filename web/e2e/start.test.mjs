/** From an empty server to a call that rings, as an owner does it who has just installed it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, logIn, look, person, silent, URL } from "./harness.mjs";

const agent = { email: "ann@start.test", password: "desk-password" };
const token = process.env.CORDBOARD_SETUP;

let browser;
let owner;
let page;
before(async () => {
  assert.ok(token, "CORDBOARD_SETUP has what comes after # in the set-up link");
  browser = await launch();
  owner = await person(browser);
  page = owner.page;
});
after(() => browser?.close());

/** A step is done when its mark says so. */
const done = (title) => page.getByRole("heading", { level: 2, name: `${title} done` }).waitFor();

test("the set-up link makes the owner and leads on, logged in", async () => {
  await page.goto(`${URL}/setup#${token}`);
  await look(page, "setup");
  await page.getByLabel("Email").fill("owner@start.test");
  await page.getByLabel("Password", { exact: true }).fill("owner-password");
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByRole("link", { name: "Go on to the first call" }).click();
  await done("The owner");
  await look(page, "start-empty");
});

test("a domain, its first agent, and what her phone needs", async () => {
  await page.getByLabel("Name", { exact: true }).fill("start.test");
  await page.getByRole("button", { name: "Make the domain" }).click();
  await done("The domain");
  await page.getByLabel("Full name").fill("Ann Ash");
  await page.getByLabel("Email").fill(agent.email);
  await page.getByLabel("Web password").fill(agent.password);
  await look(page, "start-agent");
  await page.getByRole("button", { name: "Make the agent" }).click();
  await done("The first agent");
  await page.getByText("Phone password", { exact: true }).waitFor();
  await page.getByText("Waiting for extension 1001 to register").waitFor();
  await look(page, "start-phone");
});

test("her browser registers, the page sees it, and it rings", async () => {
  const ann = await person(browser);
  await logIn(ann.page, agent);
  await ann.page.waitForURL("**/desk");
  await ann.page.getByRole("button", { name: "Start the shift" }).click();
  await done("A phone that is registered");
  await page.getByRole("button", { name: "Make the queue" }).click();
  await done("A queue");
  await page.getByRole("button", { name: "Let it ring" }).click();
  await page.getByText("It rings. Pick up!").waitFor();
  await ann.page.getByRole("region", { name: "Incoming call" }).getByRole("button", { name: "Answer" }).click();
  await done("A call that rings");
  await look(page, "start-rang");
  silent(ann);
  await ann.context.close();
});

test("a trunk and a number lead callers to the queue", async () => {
  await page.getByLabel("Calls go out to").fill("192.0.2.1:5060");
  await page.getByLabel("Calls come in from").fill("192.0.2.0/24");
  await page.getByRole("button", { name: "Make the trunk" }).click();
  await done("A trunk to a carrier");
  await page.getByLabel("Number", { exact: true }).fill("+493012345678");
  await page.getByRole("button", { name: "Make the number" }).click();
  await done("A number to call");
  await page.getByText("Callers reach you now").waitFor();
  await look(page, "start-done");
});

test("whoever comes back finds what is done, done", async () => {
  await page.reload();
  for (const title of ["The domain", "The first agent", "A queue", "A trunk to a carrier", "A number to call"]) await done(title);
  silent(owner);
});
