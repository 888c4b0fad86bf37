/** The wallboard before a made-up domain: a silent wire, names that are meant to do harm, callers who wait. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ago, agent, call, domain, feed, queue } from "./feed.mjs";
import { launch, look, person, silent, URL } from "./harness.mjs";

const owner = { email: process.env.CORDBOARD_OWNER_EMAIL ?? "owner@acme.test", password: process.env.CORDBOARD_OWNER_PASSWORD };
/** Longer than a socket may be silent, and what the page's clock takes to see it. */
const STALE_TIME = 25_000;

const HOSTILE = '<img src=x onerror="alert(1)">';
const LONG = "Hildegard-Wilhelmine".repeat(6);
const RIGHT_TO_LEFT = "\u202Etxt.exe\u202C مركز";

const decision = {
  at: ago(12),
  queue: "8000",
  queue_name: "Support",
  strategy: "longest_idle",
  position: 1,
  needs: [{ skill: "german", level: 3 }],
  candidate_count: 0,
  candidates: [],
  excluded: [
    { reason: "on_call", text: "on a call", count: 2, agents: ["1001", "1002"] },
    { reason: "wrap_up", text: "in wrap-up", count: 1, agents: ["1003"] },
  ],
  winners: [],
  picked_up_by: null,
  left: null,
  text: "",
};

const talk = (id, extension, more) => call(id, "connected", { name: "Ida Brandt", number: "+493023125940" }, { agent: extension, answered_at: ago(75), ...more });

const state = {
  domain: domain("acme.test"),
  queues: [queue("8000", "Support", { waiting: 3 }), queue("8001", HOSTILE, { night_mode: true, callbacks: 1 }), queue("8002", LONG)],
  agents: [
    agent("1001", "Ann Ash", "queue_call", ["8000", "8001"], { call: "1" }),
    agent("1002", HOSTILE, "other_call", ["8000"], { call: "2" }),
    agent("1003", LONG, "wrap_up", ["8000", "8002"]),
    agent("1004", RIGHT_TO_LEFT, "not_ready", ["8000"], { reason: "lunch" }),
    agent("1005", "Eve Elm", "wrap_up", ["8000"], { registered: false }),
    agent("1006", "Finn Fir", "ready", ["8001"], { dnd: true }),
    agent("1007", "Gina Ginkgo", "ringing", ["8000"]),
    agent("1008", "Hal Hazel", "logged_out", ["8000"], { status: "invited" }),
  ],
  calls: [
    talk("1", "1001", { queue: "8000" }),
    talk("2", "1002", { direction: "internal", caller: { name: "Ann Ash", number: "1001" } }),
    call("3", "waiting", { name: HOSTILE, number: "+493011111" }, { queue: "8000", enqueued_at: ago(95), offered_to: ["1007"] }),
    call("4", "waiting", { name: "", number: "" }, { queue: "8000", enqueued_at: ago(40) }),
    call("5", "waiting", { name: LONG, number: "+493022222" }, { queue: "8000", enqueued_at: ago(5) }),
  ],
};

const interval = {
  begins_at: ago(3600),
  ends_at: ago(0),
  offered: 120,
  answered: 97,
  abandoned: 14,
  service_level: 0.55,
  average_wait: 21,
};

const answers = [
  [/queues\/8000\/waiting\/\d+\/why/, { call: "4", queue: "8000", queue_name: "Support", position: 2, waiting: 3, waited: 40, priority: 0, enqueued_at: ago(40), offered_to: [], decision, text: "" }],
  [/statistics\/intervals/, { items: [interval], next: null }],
  [/agents\/1004\/(ready|not-ready)$/, { items: [{ queue: "8000", state: "ready", available_for_dispatch: true, reason: null, pending: null, pending_reason: null }], next: null, pending: null }],
];

let browser;
let front;
before(async () => {
  browser = await launch();
  front = await feed(URL, state, answers);
});
after(async () => {
  await browser.close();
  await front.stop();
});

async function supervisor() {
  const boss = await person(browser);
  const { page } = boss;
  await page.goto(`${front.url}/login`);
  await page.getByLabel("Email").fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/wallboard");
  await page.getByRole("button", { name: "Ann Ash" }).waitFor();
  return boss;
}

test("names are text, however they are meant, and stay in their places", async () => {
  const boss = await supervisor();
  const { page } = boss;
  await page.getByRole("button", { name: HOSTILE }).first().waitFor();
  await page.getByText("55 %").first().waitFor();
  assert.equal(await page.locator("main img").count(), 0);
  await look(page, "supervision");
  silent(boss);
  await boss.context.close();
});

test("busy is told apart, and so is who cannot be reached", async () => {
  const boss = await supervisor();
  const row = (name) => boss.page.getByRole("row").filter({ has: boss.page.getByRole("button", { name, exact: true }) });
  await row("Ann Ash").getByText("Queue call").waitFor();
  await row(HOSTILE).last().getByText("Internal call").waitFor();
  await row("Eve Elm").getByText("Unreachable").waitFor();
  await row(LONG).last().getByText("still").waitFor();
  silent(boss);
  await boss.context.close();
});

test("why a caller still waits is told in sentences", async () => {
  const boss = await supervisor();
  const { page } = boss;
  await page.getByRole("button", { name: "number withheld" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByText("Place 2 of 3 in the line.").waitFor();
  await drawer.getByText("Nobody could take it; it waits at place 1.").waitFor();
  await drawer.getByText(/Ann Ash \(1001\).*: on a call/).waitFor();
  await look(page, "supervision-caller");
  await drawer.getByRole("button", { name: "Hang up" }).click();
  await drawer.getByText("Hang up on everybody on this call?").waitFor();
  await drawer.getByRole("button", { name: "No" }).click();
  silent(boss);
  await boss.context.close();
});

test("a state that was forced is taken back", async () => {
  const boss = await supervisor();
  const { page } = boss;
  const done = [];
  page.on("request", (request) => {
    const path = new globalThis.URL(request.url()).pathname;
    if (request.method() === "POST" && path.includes("/agents/1004/")) done.push([path.split("/").pop(), request.postDataJSON()]);
  });
  await page.getByRole("row", { name: /1004/ }).getByRole("button").click();
  await page.getByRole("dialog").getByRole("button", { name: "Ready", exact: true }).click();
  await page.getByText(/: done\./).waitFor();
  front.tell({ agents: [agent("1004", RIGHT_TO_LEFT, "ready", ["8000"])] });
  await page.getByRole("dialog").getByRole("cell", { name: /Ready/ }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.waitForFunction(() => !document.body.textContent.includes(": done."));
  await page.waitForTimeout(300);
  assert.deepEqual(done, [
    ["ready", { queue: "all" }],
    ["not-ready", { queue: "8000", reason: "lunch" }],
  ]);
  front.tell({ agents: [state.agents[3]] });
  silent(boss);
  await boss.context.close();
});

test("a board whose wire is cut says so, is grey, and its clocks stand still", async () => {
  const boss = await supervisor();
  const { page } = boss;
  front.fallSilent();
  await page.getByText(/has not been heard since/).waitFor({ timeout: STALE_TIME });
  const wait = () => page.getByRole("row", { name: /number withheld/ }).innerText();
  const before = await wait();
  await page.waitForTimeout(2_500);
  assert.equal(await wait(), before);
  await page.locator('[data-stale="true"]').waitFor();
  await look(page, "supervision-stale");
  front.speak();
  await page.getByText(/has not been heard since/).waitFor({ state: "detached", timeout: STALE_TIME });
  // The browser itself complains of each try.
  silent({ complaints: boss.complaints.filter((complaint) => !complaint.startsWith("WebSocket connection")) });
  await boss.context.close();
});
