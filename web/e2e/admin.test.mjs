/** Administration in a browser: every page looked at, and a domain changed by hand. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, logIn, look, person, silent, URL } from "./harness.mjs";

const OWNER = {
  email: process.env.CORDBOARD_OWNER_EMAIL ?? "owner@acme.test",
  password: process.env.CORDBOARD_OWNER_PASSWORD ?? "demo-owner",
};
const NAME = `Zoë <img src=x onerror=alert(1)> \u202eRTL ${"w".repeat(80)}`;

let browser;
let owner;
let page;

before(async () => {
  browser = await launch();
  owner = await person(browser);
  page = owner.page;
  await logIn(page, OWNER);
  await page.waitForURL((url) => !url.pathname.startsWith("/login"));
});
after(() => browser?.close());

const open = async (path) => {
  await page.goto(`${URL}/admin${path}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
};
const said = (text) => page.getByRole("alert").or(page.getByRole("status")).or(page.locator(".mantine-Notification-root")).filter({ hasText: text }).first().waitFor();

/** Asks the API as the page does. */
const ask = (method, path, body) =>
  page.evaluate(
    async ([how, where, what]) => {
      const token = sessionStorage.getItem(Object.keys(sessionStorage).find((key) => sessionStorage.getItem(key)?.startsWith("cbs_")));
      const response = await fetch(`/v1/domains/~${where}`, {
        method: how,
        headers: { Authorization: `Bearer ${token}`, ...(what ? { "Content-Type": "application/json" } : {}) },
        body: what ? JSON.stringify(what) : undefined,
      });
      return { status: response.status, body: await response.json().catch(() => null) };
    },
    [method, path, body],
  );

test("every list has its page, with what to do where it is empty", async () => {
  for (const name of [
    "agents",
    "groups",
    "roles",
    "extensions",
    "queues",
    "numbers",
    "business_hours",
    "ring_groups",
    "flows",
    "mailboxes",
    "playlists",
    "vip_numbers",
    "exclusive_numbers",
    "queue_blacklist",
    "blacklist",
    "trunks",
    "feature_codes",
    "webhooks",
  ]) {
    await open(`/${name}`);
    await page.getByText("Nothing here yet").or(page.getByRole("table")).first().waitFor();
    await look(page, `admin-${name}`);
  }
});

test("pages of their own are looked at", async () => {
  for (const name of ["", "/start", "/history", "/settings", "/limits", "/keys", "/prompts"]) {
    await open(name);
    await page.getByRole("status", { name: "Loading" }).waitFor({ state: "detached" });
    await look(page, `admin${name.replaceAll("/", "-") || "-overview"}`);
  }
});

test("an agent with a hostile name is made, shown as text, and removed", async () => {
  await ask("DELETE", "/provisioning/agents/1987");
  await open("/agents/new");
  await page.getByLabel("Name", { exact: true }).fill(NAME);
  await page.getByLabel("Extension", { exact: true }).fill("1987");
  await look(page, "admin-agents-new");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  // Without a group it cannot be: the fault stands at the field, and what was typed is still there.
  await page.getByText("This cannot be saved yet", { exact: false }).or(page.getByRole("alert")).first().waitFor();
  assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), NAME);
  await page.getByRole("combobox", { name: "Groups" }).click();
  await page.getByRole("option").first().click();
  await page.keyboard.press("Escape");
  await page.getByLabel("Why (stands in the history)").fill("tried — über den Browser");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByText("Shown this once").waitFor();
  await look(page, "admin-secret", { widths: [{ width: 1280, height: 800 }] });
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByRole("link", { name: "1987" }).waitFor();
  await look(page, "admin-agents-hostile");
  await open("/history");
  await page.getByText("tried — über den Browser").first().waitFor();
  await open("/agents/edit/1987");
  await look(page, "admin-agent-hostile");
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("agent 1987", { exact: false }).first().waitFor();
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await page.waitForURL("**/admin/agents");
  assert.equal((await ask("GET", "/provisioning/agents/1987")).status, 404);
});

test("a queue: members are moved by keys, calls are shown, both versions of a clash", async () => {
  await open("/queues/edit/8000");
  await page.getByRole("list", { name: "Members" }).waitFor();
  await look(page, "admin-queue");
  const before = (await ask("GET", "/provisioning/queues/8000")).body;
  const handle = page.getByRole("list", { name: "Members" }).getByRole("button", { name: /arrow keys/ }).first();
  await handle.focus();
  await page.keyboard.press("ArrowDown");
  await page.getByText(/is now at place 2 of/).waitFor({ state: "attached" });
  await page.getByRole("button", { name: "API call" }).click();
  await page.getByText(/curl -X PATCH/).waitFor();
  await look(page, "admin-call", { widths: [{ width: 1280, height: 800 }] });
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "What would change?" }).click();
  await page.getByRole("list", { name: "What changes" }).waitFor();
  await look(page, "admin-plan", { widths: [{ width: 1280, height: 800 }] });
  await page.getByRole("button", { name: "Go on typing" }).click();
  // Somebody else is faster.
  assert.equal((await ask("PATCH", "/provisioning/queues/8000", { wrap_up_time: 7 })).status, 200);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Somebody else has changed this meanwhile").waitFor();
  await page.getByRole("row", { name: /Wrap-up/ }).waitFor();
  await look(page, "admin-clash", { widths: [{ width: 1280, height: 800 }] });
  await page.getByRole("button", { name: "Save my changes over theirs" }).click();
  await page.waitForURL("**/admin/queues");
  const now = (await ask("GET", "/provisioning/queues/8000")).body;
  assert.equal(now.wrap_up_time, 7, "what only they changed stays");
  assert.equal(now.members.find(({ agent }) => agent === before.members[0].agent).order, 2);
  assert.equal((await ask("PUT", "/provisioning/queues/8000", before)).status, 200);
});

test("what something points to is not removed, and says why", async () => {
  await open("/queues/edit/8000");
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByText("still points to it", { exact: false }).waitFor();
  await look(page, "admin-used", { widths: [{ width: 1280, height: 800 }] });
  assert.ok(await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).isDisabled());
});

test("several agents are put into a queue at once", async () => {
  await open("/agents");
  await page.getByLabel("Choose 1007").check();
  await page.getByLabel("Choose 1008").check();
  await look(page, "admin-bulk");
  await page.getByRole("combobox", { name: "Add to a queue" }).click();
  await page.getByRole("option", { name: /^8000/ }).click();
  await page.getByText("member 1008 of 8000", { exact: false }).waitFor();
  await page.getByRole("button", { name: "Do it" }).click();
  await said("Done.");
  const { members } = (await ask("GET", "/provisioning/queues/8000")).body;
  assert.ok(["1007", "1008"].every((extension) => members.some(({ agent }) => agent === extension)));
  assert.equal((await ask("POST", "/provisioning/revert")).status, 200);
});

test("a table shows its difference first, and its mistakes by cell", async () => {
  await open("/extensions");
  const bring = page.locator('input[type="file"]').first();
  await bring.setInputFiles({ name: "wrong.csv", mimeType: "text/csv", buffer: Buffer.from("number,ring_timeout\n1777,never\n") });
  await page.getByText("Mend these places").waitFor();
  await look(page, "admin-table-wrong", { widths: [{ width: 1280, height: 800 }] });
  await page.getByRole("button", { name: "Change nothing" }).click();
  await bring.setInputFiles({ name: "phones.csv", mimeType: "text/csv", buffer: Buffer.from("number,display_name\n1777,Door\n") });
  await page.getByText("extension 1777", { exact: false }).waitFor();
  await page.getByRole("button", { name: "Bring it in" }).click();
  await page.getByText("Shown this once").waitFor();
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByRole("link", { name: "1777" }).waitFor();
  assert.equal((await ask("DELETE", "/provisioning/extensions/1777")).status, 200);
});

test("business hours and a number say what happens at a moment", async () => {
  await open("/business_hours/edit/office");
  await page.getByText(/open|closed|on a holiday/).first().waitFor();
  await look(page, "admin-hours");
  const { items } = (await ask("GET", "/provisioning/numbers")).body;
  await open(`/numbers/edit/${encodeURIComponent(items[0].number)}`);
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByText("is one of the domain's", { exact: false }).or(page.getByRole("listitem").filter({ hasText: items[0].number })).first().waitFor();
  await look(page, "admin-number");
});

test("a flow is edited as a picture and as a list, and a caller is tried before it is saved", async () => {
  await ask("DELETE", "/provisioning/flows/7987");
  const made = await ask("POST", "/provisioning/flows", {
    number: "7987",
    name: "Tried",
    kind: "tree",
    steps: [
      { id: "menu", do: "menu", prompts: ["please-wait"], keys: { 1: "line" }, on_failed: "bye" },
      { id: "line", do: "enqueue", queue: "8000" },
      { id: "bye", do: "leave", to: { hangup: { message: "goodbye" } } },
    ],
  });
  assert.equal(made.status, 201);
  await open("/flows/graph/7987");
  await page.getByRole("complementary", { name: "The chosen step" }).waitFor();
  await look(page, "admin-flow");
  // Whichever is chosen, its form is shown, and no other comes back.
  for (const id of ["line", "menu", "bye"]) {
    await page.locator(".react-flow__node", { has: page.getByText(id, { exact: true }) }).click();
    await page.getByRole("complementary", { name: "The chosen step" }).locator(`input[value="${id}"]`).first().waitFor();
  }
  await page.getByRole("button", { name: "Play it" }).click();
  await page.getByText("to queue 8000").waitFor();
  await page.getByText("List", { exact: true }).click();
  await page.getByRole("button", { name: "Edit step line" }).click();
  await look(page, "admin-flow-list");
  await page.getByLabel("Name", { exact: true }).last().fill("waiting");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await said("Saved.");
  const { steps } = (await ask("GET", "/provisioning/flows/7987")).body;
  assert.equal(steps[0].keys["1"], "waiting", "the way follows the new name");
  await page.getByRole("button", { name: "Earlier versions" }).click();
  await page.getByText("1 added, 1 removed, 1 changed").waitFor();
  await look(page, "admin-flow-versions");
  await page.keyboard.press("Escape");
  await page.goto(`${URL}/admin/flows`);
  assert.equal((await ask("DELETE", "/provisioning/flows/7987")).status, 200);
});

test("a key is shown once, and a prompt is recorded", async () => {
  await open("/keys");
  await page.getByRole("button", { name: "Make a key" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("browser-test");
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByText(/^cb_/).first().waitFor();
  await page.getByRole("button", { name: "I have kept it" }).click();
  await page.getByRole("button", { name: "Remove browser-test" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove", exact: true }).click();
  await said("worth nothing");

  await open("/prompts");
  await page.getByRole("button", { name: "Add a prompt" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("browser-test");
  await page.getByText("Microphone", { exact: true }).click();
  await page.getByRole("button", { name: "Record" }).click();
  await page.getByRole("timer").filter({ hasText: "0:01" }).waitFor();
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("button", { name: "Play What will be heard" }).waitFor();
  await look(page, "admin-record", { widths: [{ width: 1280, height: 800 }] });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Play browser-test" }).waitFor();
  const kept = await ask("GET", "/prompts/browser-test");
  assert.ok(kept.body.seconds >= 0.5, JSON.stringify(kept.body));
  assert.equal((await ask("DELETE", "/prompts/browser-test")).status, 204);
});

test("the pages are there in German, and nothing was complained of", async () => {
  await page.evaluate(() => localStorage.setItem("language", "de"));
  for (const name of ["/queues/edit/8000", "/agents", "/start"]) {
    await open(name);
    await page.getByRole("status", { name: "Lädt" }).waitFor({ state: "detached" });
    await look(page, `admin-de${name.replaceAll("/", "-")}`);
  }
  await page.evaluate(() => localStorage.setItem("language", "en"));
  silent(owner);
});
