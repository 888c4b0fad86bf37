/**
 * The pictures of README and book, taken anew from a running demo:
 *
 *     cordboard demo --between-callers 8 --callers-max 8
 *     CORDBOARD_URL=http://127.0.0.1:8080 node e2e/pictures.mjs
 *
 * They are written to `docs/book/src/pictures`. Look at each of them before it is committed.
 */
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import path from "node:path";
import { launch, logIn, person, URL } from "./harness.mjs";

const FOLDER = path.resolve(import.meta.dirname, "../../docs/book/src/pictures");
const BYTES_MAX = 150 * 1024;
const LOOKS_MAX = 60;
const OWNER = { email: "owner@acme.test", password: "demo-owner" };
/** The agent whom the demo leaves to people, her queue, and who else is in it. */
const AGENT = { email: "hal@acme.test", password: "desk-password" };
const [EXTENSION, QUEUE, OTHERS] = ["1008", "8002", ["1003", "1007"]];
const FLOW = "7010";

const api = async (method, to, body, headers = {}) => {
  const response = await fetch(`${URL}/v1/${to}`, {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${to}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : null;
};
const { token } = await api("POST", "auth/login", OWNER);
const asOwner = (method, to, body, why) =>
  api(method, `domains/~/${to}`, body, { Authorization: `Bearer ${token}`, ...(why ? { "X-Reason": why } : {}) });

/** A tree with a past: three versions that differ. */
async function makeFlow() {
  const menu = (keys, prompts) => ({ id: "menu", do: "menu", prompts, keys, on_failed: "support" });
  const line = (id, queue) => ({ id, do: "enqueue", queue });
  const [support, billing, sales] = [line("support", "8000"), line("billing", "8002"), line("sales", "8001")];
  const hours = { id: "hours", do: "branch", when: [{ open: "office", next: "menu" }], otherwise: "closed" };
  const closed = { id: "closed", do: "leave", to: { voicemail: { mailbox: "7000" } } };
  const two = { 1: "support", 2: "billing" };
  const wait = { id: "wait", do: "play", prompts: ["please-wait"], next: "hours" };
  const first = [wait, hours, menu(two, ["leave-a-message"]), support, billing, closed];
  const both = { ...wait, prompts: ["please-wait", "leave-a-message"] };
  const second = [both, hours, menu({ ...two, 3: "sales" }, ["leave-a-message"]), support, billing, { ...sales, priority: 2 }, closed];
  const third = [hours, menu({ ...two, 3: "sales" }, ["please-wait"]), support, { ...billing, priority: 3 }, { ...sales, priority: 2 }, closed];
  await asOwner("POST", "provisioning/flows", { kind: "tree", name: "Main line", number: FLOW, steps: first }, "One number for everything");
  await asOwner("PATCH", `provisioning/flows/${FLOW}`, { steps: second }, "Sales has a line of its own");
  await asOwner("PATCH", `provisioning/flows/${FLOW}`, { steps: third }, "The beginning was too long");
}

async function take(page, name, scheme = "light") {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  const file = path.join(FOLDER, `${name}.png`);
  await page.screenshot({ path: file });
  const { size } = statSync(file);
  console.log(`${name} ${(size / 1024).toFixed(0)} kB`);
  assert.ok(size <= BYTES_MAX, `${name} is larger than ${BYTES_MAX} bytes`);
}

/** A call that was talked by somebody with a name, with what was decided about it: a demo that has just begun has none. */
async function talked() {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const { items } = await asOwner("GET", "calls?queue=8000&outcome=answered&limit=20");
    const told = items.find(({ caller, ended_at }) => caller.name && ended_at);
    if (told) return told;
    await new Promise((later) => setTimeout(later, 2_000));
  }
  throw new Error("no call of queue 8000 has been talked and ended: does the demo have callers?");
}

const browser = await launch();
try {
  const known = await asOwner("GET", `provisioning/flows?q=${FLOW}`);
  if (known.items.length === 0) await makeFlow();

  const told = await talked();
  const owner = await person(browser);
  await logIn(owner.page, OWNER);
  await owner.page.waitForURL("**/wallboard");
  await owner.page.getByRole("row", { name: /Gina Ginkgo/ }).waitFor();
  await take(owner.page, "wallboard");

  await owner.page.goto(`${URL}/calls/${told.id}`);
  await owner.page.getByText(/Offered to/).first().waitFor();
  await take(owner.page, "call");

  await owner.page.goto(`${URL}/admin/flows/graph/${FLOW}`);
  await owner.page.locator(".react-flow__node").first().waitFor();
  await owner.page.locator(".react-flow__node", { hasText: "menu" }).click();
  // From the tree on.
  await owner.page.getByRole("region", { name: "Steps", exact: true }).evaluate((steps) => window.scrollTo(0, steps.offsetTop - 80));
  await take(owner.page, "flow");
  await owner.page.getByRole("button", { name: "Earlier versions" }).click();
  await owner.page.getByLabel("Before", { exact: true }).selectOption("2");
  await owner.page.getByText(/added, 1 removed/).waitFor();
  await take(owner.page, "versions", "dark");

  const { key, id } = await asOwner("POST", "api-keys", { name: `wallboard: pictures ${Date.now()}`, rights: ["read"] });
  const screen = await person(browser);
  await screen.page.goto(`${URL}/board#${key}`);
  await screen.page.getByRole("row", { name: /Gina Ginkgo/ }).waitFor();
  await take(screen.page, "board", "dark");
  await screen.context.close();
  await asOwner("DELETE", `api-keys/${id}`);

  // An agent's call: it comes to her, since nobody else of her queue is ready.
  const agent = await person(browser);
  await logIn(agent.page, AGENT);
  await agent.page.waitForURL("**/desk");
  await agent.page.getByRole("button", { name: "Start the shift" }).click();
  await agent.page.getByText("No call", { exact: true }).waitFor();
  await agent.page.getByText("The phone is being connected …").waitFor({ state: "detached" });
  const small = agent.context.waitForEvent("page");
  await agent.page.getByRole("button", { name: "Small window that stays on top" }).click();
  const mini = await small;
  await mini.setViewportSize({ width: 320, height: 290 });
  for (const other of OTHERS) await asOwner("POST", `agents/${other}/not-ready`, { queue: QUEUE, reason: "meeting" });
  await asOwner("POST", `agents/${EXTENSION}/ready`, { queue: "all" });
  await agent.page.getByRole("button", { name: "Answer" }).waitFor({ timeout: 180_000 });
  await agent.page.getByText("0:03").first().waitFor();
  await take(agent.page, "desk");
  await mini.getByRole("button", { name: "Answer" }).click();
  await mini.getByRole("button", { name: "Mute" }).waitFor();
  await mini.getByText("0:02").first().waitFor();
  await take(mini, "small");
  await agent.page.keyboard.press("Control+k");
  await agent.page.getByRole("combobox", { name: "Search and commands" }).waitFor();
  await agent.page.keyboard.type("b");
  await agent.page.getByRole("option", { name: /Ben Birch/ }).waitFor();
  await take(agent.page, "palette", "dark");
  for (const other of OTHERS) await asOwner("POST", `agents/${other}/ready`, { queue: QUEUE });
} finally {
  await browser.close();
}
