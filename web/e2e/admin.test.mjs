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
/** The same without loading the app anew, where a page of it is shown already and nothing is typed. */
const visit = async (path) => {
  const before = await page.getByRole("heading", { level: 1 }).textContent();
  await page.evaluate((where) => history.pushState({}, "", where), `/admin${path}`);
  await page.waitForFunction((was) => (document.querySelector("h1")?.textContent ?? was) !== was, before);
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
  await open("");
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
    await visit(`/${name}`);
    await page.getByText("Nothing here yet").or(page.getByRole("table")).first().waitFor();
    await look(page, `admin-${name}`);
  }
});

test("pages of their own are looked at", async () => {
  for (const name of ["/start", "/history", "", "/settings", "/limits", "/keys", "/prompts"]) {
    await visit(name);
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

test("a flow that leads callers to people by their extensions is built, tried in every way it can fail, and put on a number", async () => {
  const main = page.getByRole("main");
  const pick = async (within, name, option) => {
    await within.getByRole("combobox", { name, exact: true }).click();
    await page.getByRole("option", { name: option, exact: typeof option === "string" }).click();
  };
  const add = (deed) => pick(main, "Add a step", deed);
  const place = main.getByRole("group", { name: "Leads to" });
  const dial = main.getByRole("listitem").filter({ has: page.getByRole("button", { name: "Less of step dial" }) });
  const save = (word) => page.getByRole("button", { name: word, exact: true }).click();
  await ask("DELETE", "/provisioning/flows/7988");
  await open("/flows/new");
  await page.getByLabel("Extension", { exact: true }).fill("7988");
  await page.getByLabel("Name", { exact: true }).fill("Reach one of us");
  await add("Dial an extension");
  await add("Into a queue");
  await pick(main, "Queue", /^8000/);
  for (const kind of ["Leave a message", "Flow", "End the call"]) {
    await add("Lead on");
    await pick(place, "Leads to: kind of place", kind);
    if (kind === "Flow") await pick(place, "Leads to: which", /^7000/);
    else await place.getByLabel(/[Pp]rompt/).fill(kind === "End the call" ? "goodbye" : "leave-a-message");
  }
  await page.getByRole("button", { name: "Edit step dial" }).click();
  await dial.getByLabel("Rings for").fill("15");
  await dial.getByLabel("Repeats").fill("2");
  await dial.getByLabel("Prompt when it leads nowhere").fill("invalid-code");
  for (const [way, to] of [
    ["When it cannot be rung", "enqueue"],
    ["When engaged", "enqueue"],
    ["When nobody answers", "leave"],
    ["When it failed", "leave-3"],
    ["When the caller presses *", "leave-2"],
  ]) {
    await pick(dial, way, to);
  }
  await save("Add");
  // What is missing is said at its step.
  await dial.getByText("name at least one prompt", { exact: false }).waitFor();
  await dial.getByRole("button", { name: "Add a prompt" }).click();
  await dial.getByRole("group", { name: "Prompts" }).getByRole("combobox").fill("please-wait");
  await save("Add");
  await page.waitForURL("**/admin/flows/graph/7988");

  await page.getByRole("complementary", { name: "The chosen step" }).waitFor();
  await look(page, "admin-flow");
  // Whichever is chosen, its form is shown, and no other comes back.
  for (const id of ["enqueue", "dial", "leave"]) {
    await page.locator(".react-flow__node", { has: page.getByText(id, { exact: true }) }).click();
    await page.getByRole("complementary", { name: "The chosen step" }).locator(`input[value="${id}"]`).first().waitFor();
  }
  for (const [script, met] of [
    ["agent 1001 away\n3s keys 1001", "to queue 8000"],
    ["agent 1001 busy\n3s keys 1001", "to queue 8000"],
    ["3s keys 1001", "to voicemail of 1001 after leave-a-message"],
    ["3s keys 9999#", "hang up after goodbye"],
    ["120s hangs up", "hang up after goodbye"],
    ["3s keys *", "to flow 7000"],
  ]) {
    await page.getByLabel("What the caller does").fill(script);
    await page.getByRole("button", { name: "Play it" }).click();
    const end = page.getByRole("status").filter({ hasText: "At the end" });
    await end.waitFor();
    assert.ok((await end.innerText()).endsWith(met), `${script}: ${await end.innerText()}`);
  }
  await page.getByText("List", { exact: true }).click();
  await page.getByRole("button", { name: "Edit step enqueue" }).click();
  await look(page, "admin-flow-list");
  await page.getByLabel("Name", { exact: true }).last().fill("waiting");
  await save("Save");
  await said("Saved.");
  const [step] = (await ask("GET", "/provisioning/flows/7988")).body.steps;
  assert.deepEqual([step.on_busy, step.on_unavailable], ["waiting", "waiting"], "the ways follow the new name");
  await page.getByRole("button", { name: "Earlier versions" }).click();
  await page.getByText("1 added, 1 removed, 1 changed").waitFor();
  await look(page, "admin-flow-versions");
  await page.keyboard.press("Escape");

  const number = encodeURIComponent("+493012345681");
  await open(`/numbers/edit/${number}`);
  await pick(main, "When open: which", /^7988/);
  await save("Save");
  await page.waitForURL("**/admin/numbers");
  await open(`/numbers/edit/${number}`);
  await save("Show");
  await page.getByText("The flow 7988 takes the call").waitFor();
  assert.equal((await ask("POST", "/provisioning/revert")).status, 200);
  assert.equal((await ask("DELETE", "/provisioning/flows/7988")).status, 200);
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
