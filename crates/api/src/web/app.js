// The plain live page: queues, agents and calls as they are, and why calls go where they go.

import { Live } from "/live.js";
import { between, caller, chip, clock, decision, h, list, percent, running, tick, timeOfDay, words } from "/view.js";

const ENDED_SHOWN = 20;
const NOTICE_TIME = 8_000;

const $ = (id) => document.getElementById(id);
const store = window.sessionStorage;
let me = null;
let live = null;
let ended = [];
let scheduled = false;
const open = new Set();
const whys = new Map();
const dirty = { agents: new Set(), queues: new Set(), calls: new Set(), ended: new Set() };

// ── talking to the server ──

async function ask(method, path, body) {
  const headers = { Authorization: `Bearer ${store.getItem("token") ?? ""}` };
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  const data = text ? JSON.parse(text) : null;
  if (response.ok) return data;
  if (response.status === 401 && path !== "/v1/auth/login") leave("You have been logged out.");
  throw Object.assign(new Error(data?.detail ?? `The server answered ${response.status}.`), { data, status: response.status });
}

async function act(extension, verb, reason) {
  try {
    const result = await ask("POST", `/v1/domains/~/agents/${encodeURIComponent(extension)}/${verb}`, reason ? { reason } : {});
    if (result.pending) notice(`${name(extension)}: ${words(result.pending)} after this call.`);
    const refused = result.items.filter((item) => item.error);
    if (refused.length) notice(refused.map((item) => `${item.queue}: ${item.error.title}`).join("; "), true);
  } catch (problem) {
    notice(problem.message, true, problem.data?.request_id);
  }
}

function notice(text, bad = false, id = "") {
  const close = h("button", { type: "button", className: "quiet", ariaLabel: "Dismiss" }, "×");
  const box = h("div", { className: bad ? "notice bad" : "notice" }, h("span", {}, text, id ? h("small", {}, ` (request ${id})`) : null), close);
  close.onclick = () => box.remove();
  $("notices").append(box);
  if (!bad) setTimeout(() => box.remove(), NOTICE_TIME);
}

// ── coming and going ──

async function enter() {
  try {
    me = await ask("GET", "/v1/auth/me");
  } catch (problem) {
    if (problem.status === 401) return;
    setTimeout(enter, 2_000);
    return;
  }
  $("login").hidden = true;
  $("board").hidden = false;
  $("account").hidden = false;
  $("pill").hidden = false;
  $("domain").textContent = me.domain;
  $("who").textContent = `${me.name}${me.extension ? ` · ${me.extension}` : ""} · ${me.role}`;
  live = new Live(store.getItem("token"), {
    change: (kind, key) => { dirty[kind].add(key); schedule(); },
    reset: () => { whys.clear(); everything(); loadEnded(); },
    event: told,
    status: showStatus,
    ended: () => leave("Your login has ended."),
    check: () => { ask("GET", "/v1/auth/me").catch(() => {}); },
  });
}

function leave(why) {
  store.removeItem("token");
  live?.stop();
  live = null;
  me = null;
  for (const id of ["board", "account", "pill", "stale"]) $(id).hidden = true;
  $("domain").textContent = "";
  $("login").hidden = false;
  $("login-problem").textContent = why ?? "";
  $("email").focus();
}

$("login").addEventListener("submit", async (event) => {
  event.preventDefault();
  $("login-problem").textContent = "";
  try {
    const made = await ask("POST", "/v1/auth/login", { email: $("email").value, password: $("password").value });
    store.setItem("token", made.token);
    $("password").value = "";
    await enter();
  } catch (problem) {
    $("login-problem").textContent = problem.status === 401 ? "Email or password is wrong." : problem.message;
  }
});

$("logout").addEventListener("click", async () => {
  await ask("POST", "/v1/auth/logout").catch(() => {});
  leave();
});

// ── what comes in ──

function told(message) {
  if (message.type === "call_ended") {
    ended = [message.record, ...ended.filter((call) => call.id !== message.call)].slice(0, ENDED_SHOWN);
    dirty.ended.add(message.call);
    schedule();
  } else if (message.type === "decided" && open.has(`why ${message.call}`)) {
    loadWhy(message.call);
  }
}

async function loadEnded() {
  const page = await ask("GET", "/v1/domains/~/calls?limit=100").catch(() => null);
  if (!page) return;
  ended = page.items.filter((call) => call.ended_at).slice(0, ENDED_SHOWN);
  for (const call of ended) dirty.ended.add(call.id);
  schedule();
}

async function loadWhy(call) {
  try {
    whys.set(call, await ask("GET", `/v1/domains/~/calls/${encodeURIComponent(call)}/why`));
  } catch (problem) {
    whys.set(call, { problem: problem.message });
  }
  for (const kind of ["calls", "ended", "queues"]) dirty[kind].add(call);
  const queue = live?.calls.get(call)?.queue;
  if (queue) dirty.queues.add(queue);
  schedule();
}

// ── what is shown ──

function schedule() {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => { scheduled = false; if (live) render(); });
}

function everything() {
  for (const kind of ["agents", "queues", "calls"]) for (const key of live[kind].keys()) dirty[kind].add(key);
  schedule();
}

function render() {
  // A queue's card shows its line, so a change of a waiting call is a change of its queue.
  for (const id of dirty.calls) {
    const queue = live.calls.get(id)?.queue;
    if (queue) dirty.queues.add(queue);
  }
  const byKey = (field) => (a, b) => (a[field] === null) - (b[field] === null) || (a[field] ?? "").localeCompare(b[field] ?? "", undefined, { numeric: true });
  const agents = [...live.agents.values()].sort(byKey("extension"));
  const queues = [...live.queues.values()].sort(byKey("number"));
  const calls = [...live.calls.values()].sort((a, b) => b.started_at.localeCompare(a.started_at));
  list($("queues"), queues, (queue) => queue.number, queueCard, dirty.queues, "No queue yet. Provision one: cordboard apply FILE.");
  list($("agents"), agents, (agent) => agent.extension ?? `#${agent.id}`, agentRow, dirty.agents, "No agent yet.");
  list($("calls"), calls, (call) => call.id, callRow, dirty.calls, "Nobody is calling right now.");
  list($("ended"), ended, (call) => call.id, endedRow, dirty.ended, "Nothing has ended yet.");
  $("queues-count").textContent = live.domain?.night_mode ? `${queues.length}, night mode` : queues.length;
  $("agents-count").textContent = `${agents.filter((agent) => agent.state === "ready").length} of ${agents.length} ready`;
  $("calls-count").textContent = calls.length;
  renderMine();
  for (const set of Object.values(dirty)) set.clear();
  tick(document, live.now());
}

const name = (extension) => {
  const agent = live?.agents.get(extension);
  return agent ? `${agent.name} (${extension})` : extension;
};

const stat = (label, value, title = "") => h("div", { className: "stat", title }, h("b", {}, String(value)), h("span", {}, label));

function lineOf(queue) {
  const line = [...live.calls.values()].filter((call) => call.state === "waiting" && call.queue === queue.number);
  return line.sort((a, b) => b.priority - a.priority || a.enqueued_at.localeCompare(b.enqueued_at) || Number(a.id) - Number(b.id));
}

function queueCard(queue) {
  const line = lineOf(queue);
  const oldest = line.map((call) => call.enqueued_at).sort()[0];
  const waiting = line.slice(0, 8).map((call, index) => h("li", {},
    h("span", { className: "place" }, String(index + 1)),
    h("span", { className: "grow cut", title: caller(call) }, caller(call)),
    call.offered_to.length ? h("span", { className: "chip ringing" }, `rings ${call.offered_to.slice(0, 3).join(", ")}${call.offered_to.length > 3 ? " …" : ""}`) : null,
    running(call.enqueued_at, { late: 60 }),
    whyButton(call.id, "queue"),
    whyPanel(call.id, "queue")));
  const judged = queue.answered + queue.abandoned_late;
  return h("article", { className: queue.waiting > 0 ? "card queue busy" : "card queue" },
    h("header", {}, h("h3", {}, queue.name), h("span", { className: "muted" }, `${queue.number} · ${words(queue.strategy)}`),
      queue.night_mode ? h("span", { className: "chip not_ready" }, "night mode") : null),
    h("div", { className: "big" },
      h("span", { className: "number" }, String(queue.waiting)), h("span", {}, " waiting"),
      oldest ? h("span", { className: "muted" }, " · longest ", running(oldest, { late: 60 })) : null),
    waiting.length ? h("ol", { className: "line" }, waiting) : null,
    line.length > waiting.length ? h("p", { className: "muted" }, `and ${line.length - waiting.length} more`) : null,
    h("div", { className: "stats" },
      stat("offered", queue.offered), stat("answered", queue.answered), stat("abandoned", queue.abandoned),
      stat("overflowed", queue.overflowed),
      stat("service level", percent(queue.answered_in_time, judged), "answered in time ÷ (answered + abandoned late), since the server started"),
      stat("average wait", queue.answered ? clock(queue.wait_time / queue.answered) : "–")));
}

function mayChange(agent) {
  return agent.extension && (agent.extension === me.extension || me.role !== "agent");
}

function buttons(agent) {
  const of = (...states) => states.includes(agent.state);
  const onCall = of("ringing", "queue_call", "other_call");
  const button = (verb, label, className = "quiet") =>
    h("button", { type: "button", className, data: { act: verb }, onclick: () => act(agent.extension, verb, reasonOf(agent, verb)) }, label);
  const anyOut = agent.queues.some((queue) => ["logged_out", "offline"].includes(queue.state));
  const leaving = agent.queues.some((queue) => queue.pending);
  return h("div", { className: "buttons" },
    of("not_ready", "wrap_up") || leaving ? button("ready", leaving ? "Stay ready" : "Ready", "go") : null,
    of("ready", "wrap_up") || onCall ? button("not-ready", onCall ? "Not ready after this" : "Not ready") : null,
    anyOut && agent.queues.length ? button("login", "Log in to queues", of("logged_out") ? "go" : "quiet") : null,
    of("not_ready", "ready", "wrap_up") || onCall ? button("logout", onCall ? "Log out after this" : "Log out of queues") : null);
}

function reasonOf(agent, verb) {
  const field = $("reason");
  return verb === "not-ready" && agent.extension === me.extension && field ? field.value.trim() : "";
}

function membership(queue) {
  return h("li", {}, h("span", { className: "grow" }, `${queue.name} ${queue.queue}`), chip(queue.state),
    queue.reason ? h("span", { className: "muted" }, words(queue.reason)) : null,
    queue.pending ? h("span", { className: "tag" }, `then ${words(queue.pending)}${queue.pending_reason ? `: ${queue.pending_reason}` : ""}`) : null,
    queue.wrap_up_until ? h("span", { className: "muted" }, "ends in ", running(queue.wrap_up_until, { until: true })) : null,
    h("span", { className: "muted" }, queue.available_for_dispatch ? "would be offered a call" : "not offered calls"),
    h("span", { className: "muted" }, `${queue.answered} answered, ${queue.missed} missed`));
}

function unfolding(key, summary, body, className) {
  const element = h("details", { className, open: open.has(key) }, summary, body);
  element.ontoggle = () => { if (element.open) open.add(key); else open.delete(key); };
  return element;
}

function agentRow(agent) {
  const until = agent.queues.find((queue) => queue.wrap_up_until)?.wrap_up_until;
  const pending = agent.queues.find((queue) => queue.pending)?.pending;
  const summary = h("summary", { data: { act: "unfold" } },
    h("span", { className: "grow cut" }, h("strong", {}, agent.name), h("span", { className: "muted" }, ` ${agent.extension ?? "no extension"}`)),
    agent.reason ? h("span", { className: "muted cut" }, words(agent.reason)) : null,
    pending ? h("span", { className: "tag" }, `then ${words(pending)}`) : null,
    agent.registered ? null : h("span", { className: "tag" }, "no phone"),
    chip(agent.state),
    until ? running(until, { until: true }) : running(agent.state_since));
  const body = h("div", { className: "body" },
    agent.queues.length ? h("ul", { className: "plain" }, agent.queues.map(membership)) : h("p", { className: "muted" }, "In no queue."),
    mayChange(agent) ? buttons(agent) : null);
  return unfolding(`agent ${agent.id}`, summary, body, "row");
}

function renderMine() {
  const agent = me.extension && live.agents.get(me.extension);
  $("mine").hidden = !agent?.queues.length;
  if (!agent?.queues.length || (!dirty.agents.has(me.extension) && $("mine").childElementCount)) return;
  const typed = $("reason")?.value ?? "";
  const focus = $("mine").contains(document.activeElement) ? document.activeElement : null;
  const field = h("input", { id: "reason", value: typed, maxLength: 32, placeholder: "reason, e.g. lunch", ariaLabel: "Reason for not ready" });
  const choices = buttons(agent);
  field.hidden = !choices.querySelector('[data-act="not-ready"]');
  $("mine").replaceChildren(
    h("strong", {}, "You are"), chip(agent.state), running(agent.state_since),
    agent.reason ? h("span", { className: "muted" }, words(agent.reason)) : "",
    agent.registered ? "" : h("span", { className: "tag" }, "no phone is registered: calls cannot reach you"),
    h("span", { className: "grow" }), field, choices);
  if (focus?.id === "reason") field.focus();
  else if (focus?.dataset.act) $("mine").querySelector(`[data-act="${CSS.escape(focus.dataset.act)}"]`)?.focus();
}

function whyButton(call, place) {
  const key = `why ${call}`;
  const shown = open.has(key) && open.has(`${key} ${place}`);
  return h("button", {
    type: "button", className: "quiet small", data: { act: `why ${call}` }, ariaExpanded: String(shown),
    onclick: () => {
      for (const other of ["queue", "row"]) open.delete(`${key} ${other}`);
      if (shown) open.delete(key); else { open.add(key); open.add(`${key} ${place}`); }
      loadWhy(call);
    },
  }, shown ? "Hide" : "Why?");
}

function whyPanel(call, place) {
  if (!open.has(`why ${call}`) || !open.has(`why ${call} ${place}`)) return null;
  const why = whys.get(call);
  if (!why) return h("p", { className: "why muted" }, "…");
  if (why.problem) return h("p", { className: "why problem" }, why.problem);
  if (!why.decisions.length) return h("p", { className: "why muted" }, "It has been in no queue: nothing was decided.");
  return h("ol", { className: "why plain" }, why.decisions.map((made) => decision(made, name)));
}

function callRow(call) {
  const since = call.state === "waiting" ? call.enqueued_at : call.answered_at ?? call.started_at;
  const hangUp = me.role === "agent" ? null : h("button", {
    type: "button", className: "quiet small", data: { act: "hang-up" },
    // Asked twice in place of a dialog: the first click arms it.
    onclick: (event) => {
      if (event.target.dataset.armed) return ask("DELETE", `/v1/domains/~/calls/${encodeURIComponent(call.id)}`).catch((problem) => notice(problem.message, true, problem.data?.request_id));
      event.target.dataset.armed = "yes";
      event.target.textContent = "Really?";
    },
  }, "Hang up");
  return h("div", { className: "row call" },
    h("span", { className: `chip call-${call.state}` }, words(call.state)),
    h("span", { className: "grow cut", title: `${caller(call)} → ${call.dialed}` }, h("strong", {}, caller(call)), h("span", { className: "muted" }, ` → ${call.dialed}`)),
    call.queue ? h("span", { className: "muted" }, live.queues.get(call.queue)?.name ?? call.queue) : null,
    call.agent && call.state !== "waiting" ? h("span", {}, name(call.agent)) : null,
    running(since, { late: call.state === "waiting" ? 60 : 0 }),
    whyButton(call.id, "row"), hangUp, whyPanel(call.id, "row"));
}

function endedRow(call) {
  const stay = call.queues.at(-1);
  const outcome = stay ? stay.outcome : call.answered_at ? "answered" : call.cause;
  return h("div", { className: "row call" },
    h("span", { className: "muted" }, timeOfDay(call.started_at)),
    h("span", { className: `chip end-${outcome}` }, words(outcome)),
    h("span", { className: "grow cut", title: `${caller(call)} → ${call.dialed}` }, h("strong", {}, caller(call)), h("span", { className: "muted" }, ` → ${call.dialed}`)),
    call.agent ? h("span", {}, name(call.agent)) : null,
    h("span", { className: "muted" },
      stay ? `waited ${clock(stay.waited)}` : "", call.answered_at ? ` talked ${clock(between(call.answered_at, call.ended_at))}` : ""),
    call.queues.length ? whyButton(call.id, "row") : null, whyPanel(call.id, "row"));
}

// ── how old it is ──

function showStatus() {
  if (!live) return;
  const [fresh, age] = [live.isLive, live.age()];
  $("pill").className = fresh ? "pill fresh" : "pill old";
  const text = fresh ? `Live · ${Math.floor(age / 1000)} s` : "Connecting …";
  if ($("pill").textContent !== text) $("pill").textContent = text;
  const stale = !fresh && age !== Infinity && age > 2_000;
  $("stale").hidden = !stale;
  document.body.classList.toggle("is-stale", stale);
  if (stale) $("stale").textContent = `Stale: nothing heard from the server for ${clock(age / 1000)}. What you see is from ${timeOfDay(live.heardAt)}. Reconnecting …`;
}

setInterval(() => {
  if (!live) return;
  // Without news the clocks stop too: a running clock over old data would lie.
  if (!document.body.classList.contains("is-stale")) tick(document, live.now());
  showStatus();
}, 1_000);

// ── log-in by a provider ──

async function offerProvider() {
  const offer = await ask("GET", "/v1/auth/oidc").catch(() => null);
  $("oidc").hidden = !offer?.offered;
  $("oidc-name").textContent = offer?.name ?? "";
}

// What a provider has sent the browser back with: a code that is good once, or what is the matter.
async function cameBack(what, value) {
  try {
    if (what === "oidc") {
      const made = await ask("POST", "/v1/auth/oidc/redeem", { code: value });
      store.setItem("token", made.token);
      return;
    }
    const page = await fetch(`/problems/${encodeURIComponent(value)}`);
    const [, , , title, , advice] = page.ok ? (await page.text()).split("\n") : [];
    throw new Error(title ? `${title}. ${advice}` : "The log-in did not work.");
  } catch (problem) {
    // Whoever is logged in already stays so, whatever address she was led to.
    if (!store.getItem("token")) leave(problem.message);
  }
}

const [, back, value] = /^#(oidc|oidc-problem)=([\w-]+)$/.exec(location.hash) ?? [];
// It leaves the address bar at once, so that it is in no history and over nobody's shoulder.
if (back) {
  history.replaceState(null, "", location.pathname);
  await cameBack(back, value);
}
offerProvider();
if (store.getItem("token")) enter();
else $("login").hidden = false;
