/** What supervisors look at: the wallboard with its acts, calls with their reasons, reports, big screens. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, logIn, look, person, silent, URL } from "./harness.mjs";
import { world } from "./world.mjs";

const owner = { email: process.env.CORDBOARD_OWNER_EMAIL ?? "owner@acme.test", password: process.env.CORDBOARD_OWNER_PASSWORD };

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

async function supervisor(options) {
  const boss = await person(browser, options);
  await logIn(boss.page, owner);
  // Whoever is nobody's agent begins at the wallboard.
  await boss.page.waitForURL("**/wallboard");
  await boss.page.locator("#agents").waitFor();
  return boss;
}

test("the wallboard shows queues and agents, and can be narrowed", async () => {
  const boss = await supervisor();
  const { page } = boss;
  await page.getByRole("cell", { name: /Logged out|Offline|Ready|Not ready|Unreachable|call|Wrap-up|Ringing/ }).first().waitFor();
  await look(page, "wallboard");
  await page.getByLabel("Find an agent").fill("nobody of this name");
  await page.getByText("No agent fits this choice.").waitFor();
  assert.match(page.url(), /text=/, "a narrowed board can be linked to");
  await page.getByLabel("Find an agent").fill("");
  await page.getByRole("button", { name: "Thresholds" }).click();
  await page.getByRole("dialog", { name: "Thresholds" }).waitFor();
  await look(page, "wallboard-thresholds");
  await page.getByLabel("Alarm").first().fill("1");
  await page.getByText("It must be worse than the warning.").waitFor();
  assert.ok(await page.getByRole("button", { name: "Save" }).isDisabled());
  silent(boss);
  await boss.context.close();
});

test("an agent's state is set, with a reason, and taken back", async () => {
  const boss = await supervisor();
  const { page } = boss;
  await page.getByRole("button", { name: process.env.CORDBOARD_AGENT ?? /1001|Ann/ }).first().click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("heading", { name: "Set her state" }).waitFor();
  await look(page, "wallboard-agent");
  await drawer.getByRole("button", { name: "Log in" }).click();
  await page.getByText(/: done\./).waitFor();
  await drawer.getByRole("button", { name: "Ready", exact: true }).click();
  await drawer.getByRole("cell", { name: /\bReady\b/ }).waitFor();
  await drawer.getByLabel("Reason").fill("training");
  await drawer.getByRole("button", { name: "Not ready" }).click();
  await drawer.getByRole("cell", { name: /Not ready: training/ }).waitFor();
  await page.getByRole("button", { name: "Undo" }).last().click();
  await drawer.getByRole("cell", { name: /\bReady\b/ }).waitFor();
  silent(boss);
  await boss.context.close();
});

test("a call that waits is seen, and a finished one says why it went so", async () => {
  const boss = await supervisor();
  const { page } = boss;
  await world("call");
  await world("answer");
  await page.getByRole("row", { name: /1001/ }).getByText("Queue call").waitFor();
  await look(page, "wallboard-busy");
  await page.getByRole("row", { name: /1001/ }).getByRole("button").click();
  await page.getByRole("link", { name: "The whole call, and why it went so" }).click();
  await page.getByText(/Offered to .*1001/).waitFor();
  await page.getByText("She was the only one who could take it.").waitFor();
  await world("caller hangs up");
  await page.getByText("Ended", { exact: true }).waitFor();
  silent(boss);
  await boss.context.close();
});

test("calls are found, and reports are told with what they mean", async () => {
  const boss = await supervisor();
  const { page } = boss;
  await page.getByRole("link", { name: "Calls", exact: true }).click();
  await page.getByRole("heading", { name: "Calls" }).waitFor();
  const first = page.locator("tbody a").first();
  await first.waitFor();
  await look(page, "calls");
  await first.click();
  await page.getByRole("heading", { name: "Why it went so" }).waitFor();
  await look(page, "call");
  await page.getByRole("link", { name: "Reports" }).click();
  await page.getByText("What these numbers mean").click();
  await page.waitForTimeout(800);
  await page.evaluate(() => scrollTo(0, 0));
  await look(page, "reports");
  await page.getByText("Agents", { exact: true }).click();
  await page.waitForTimeout(500);
  await look(page, "reports-agent");
  silent(boss);
  await boss.context.close();
});

test("a big screen needs a link and nothing else, and goes dark when it is revoked", async () => {
  const boss = await supervisor();
  const { page } = boss;
  await page.getByRole("button", { name: "Big screens" }).click();
  const dialog = page.getByRole("dialog", { name: "Big screens" });
  const name = `Kitchen ${Date.now() % 100000}`;
  await dialog.getByLabel("Name of the screen").fill(name);
  await dialog.getByRole("button", { name: "Make a link" }).click();
  const address = await dialog.locator("code").innerText();
  const made = new globalThis.URL(address);
  assert.equal(made.pathname + made.search, "/board", "the key is in no request");
  await dialog.getByRole("row", { name: new RegExp(name) }).waitFor();
  await look(page, "screens");

  const wall = await person(browser);
  const asked = [];
  wall.page.on("request", (request) => asked.push(request.url()));
  await wall.page.goto(`${URL}/board${made.hash}`);
  await wall.page.getByText(/Live ·/).waitFor();
  await wall.page.waitForTimeout(600);
  assert.ok(asked.every((url) => !url.includes(made.hash.slice(1))), "the key is in no address that is asked for");
  assert.equal(await wall.page.getByRole("button").count(), 0, "nothing to press");
  await look(wall.page, "board");
  await wall.page.evaluate(() => {
    location.hash += "&light";
  });
  await wall.page.waitForTimeout(300);
  await look(wall.page, "board-light");

  await dialog.getByRole("row", { name: new RegExp(name) }).getByRole("button", { name: "Revoke" }).click();
  await dialog.getByRole("row", { name: new RegExp(name) }).getByRole("group").getByRole("button", { name: "Revoke" }).click();
  await dialog.getByRole("row", { name: new RegExp(name) }).waitFor({ state: "detached" });
  await wall.page.reload();
  await wall.page.getByText(/revoked/).waitFor();
  await look(wall.page, "board-revoked");
  silent(boss);
  await wall.context.close();
  await boss.context.close();
});
