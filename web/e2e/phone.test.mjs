/** The browser as a phone. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, launch, logIn, look, person, silent } from "./harness.mjs";
import { world } from "./world.mjs";

const agent = { email: "1001@acme.test", password: "desk-password-1001" };

let browser;
let ann;
/** The tab that has the phone. */
let leading;
before(async () => {
  browser = await launch();
  ann = await person(browser);
  await logIn(ann.page, agent);
  await ann.page.waitForURL("**/desk");
});
after(() => browser.close());

test("a shift begins with this browser as her phone, its sound tried before", async () => {
  const { page } = ann;
  assert.equal(await page.getByLabel("This browser").isChecked(), true);
  await page.getByRole("button", { name: "Try" }).first().click();
  await page.getByRole("img", { name: "How loud you are" }).waitFor();
  await look(page, "desk-sound");
  await page.getByRole("button", { name: "Start the shift" }).click();
  await page.getByText("No call", { exact: true }).waitFor();
  await page.getByText("The phone is being connected …").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Ready", exact: true }).click();
  await page.getByTestId("own-state").getByText("Ready").waitFor();
  silent(ann);
});

test("a call rings here, in every tab, and is declined here", async () => {
  const { page } = ann;
  const second = await ann.context.newPage();
  await second.goto(page.url());
  await second.getByText("The phone is in another tab.").waitFor();
  await world("call");
  for (const tab of [page, second]) await tab.getByRole("button", { name: "Decline" }).waitFor();
  await look(second, "desk-second-tab");
  await second.getByRole("button", { name: "Decline" }).click();
  for (const tab of [page, second]) {
    await tab.getByRole("region", { name: "Incoming call" }).waitFor({ state: "detached" });
  }
  await second.getByRole("button", { name: "Use this tab" }).click();
  await page.getByText("The phone is in another tab.").waitFor();
  await second.getByText("The phone is in another tab.").waitFor({ state: "detached" });
  leading = second;
  await second.getByTestId("own-state").getByText("Ready").waitFor();
  await world("caller hangs up");
  silent(ann);
});

test("a call is answered, muted and hung up here, and nobody takes the phone away meanwhile", async () => {
  await world("call");
  await leading.getByRole("button", { name: "Answer" }).click();
  await leading.getByRole("region", { name: "Call in progress" }).waitFor();
  await leading.getByTestId("own-state").getByText("Queue call").waitFor();
  await leading.getByRole("button", { name: "Mute" }).click();
  await ann.page.getByRole("button", { name: "Unmute" }).waitFor();
  assert.equal(await ann.page.getByRole("button", { name: "Use this tab" }).count(), 0);
  await ann.page.getByRole("button", { name: "Unmute" }).click();
  await leading.getByRole("button", { name: "Mute" }).waitFor();
  await look(leading, "desk-talking-here");
  await leading.getByRole("button", { name: "Hang up" }).click();
  await leading.getByRole("region", { name: "Wrap-up" }).waitFor();
  silent(ann);
});

test("a small window that stays on top answers, mutes and hangs up", async () => {
  await leading.getByRole("button", { name: "Done, ready" }).click();
  await leading.getByTestId("own-state").getByText("Ready").waitFor();
  const opened = ann.context.waitForEvent("page");
  await leading.getByRole("button", { name: "Small window that stays on top" }).click();
  const small = await opened;
  await small.getByText("No call").waitFor();
  await world("call");
  await small.getByRole("button", { name: "Answer" }).click();
  await small.getByRole("button", { name: "Mute" }).click();
  await leading.getByRole("button", { name: "Unmute" }).waitFor();
  await accessible(small, "small-window");
  await small.getByRole("button", { name: "Hang up" }).click();
  await small.getByText(/^Wrap-up/).first().waitFor();
  await small.close();
  silent(ann);
});

test("a tab that is closed leaves the phone to the other one", async () => {
  await leading.close();
  await ann.page.getByText("The phone is in another tab.").waitFor({ state: "detached" });
  await ann.page.getByText("The phone has lost the server").waitFor({ state: "detached" });
  await ann.page.getByTestId("own-state").getByText(/Wrap-up|Ready/).waitFor();
  if (await ann.page.getByRole("button", { name: "Done, ready" }).count()) {
    await ann.page.getByRole("button", { name: "Done, ready" }).click();
  }
  await ann.page.getByTestId("own-state").getByText("Ready").waitFor();
  await world("call");
  await ann.page.getByRole("button", { name: "Answer" }).waitFor();
  await world("caller hangs up");
  await ann.page.getByRole("region", { name: "Incoming call" }).waitFor({ state: "detached" });
});
