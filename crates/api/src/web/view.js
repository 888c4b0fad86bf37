// Words, clocks and elements. Text from outside only ever becomes text.

const STATES = {
  offline: ["○", "Offline"],
  logged_out: ["◌", "Logged out"],
  not_ready: ["‖", "Not ready"],
  ready: ["●", "Ready"],
  ringing: ["◎", "Ringing"],
  queue_call: ["■", "Queue call"],
  other_call: ["□", "Other call"],
  wrap_up: ["✎", "Wrap-up"],
};

const WORDS = {
  longest_idle: "longest idle first",
  ring_all: "rings all",
  linear: "in order",
  rna: "missed a call",
  device_down: "phone was lost",
  after_non_acd: "after another call",
  overflow_timeout: "waited too long",
  no_agents: "nobody there",
  queue_gone: "queue removed",
  not_found: "no such number",
  queue_rule: "by the queue's rule",
};

/** A fixed word of the API for people: `no_answer` is "no answer". */
export const words = (word) => WORDS[word] ?? (word ?? "").replaceAll("_", " ");

/** An element. Properties are set, `data` goes to the dataset, children are elements or text. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  const { data, ...rest } = properties;
  Object.assign(element, rest);
  Object.assign(element.dataset, data ?? {});
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** A state by colour, sign and word. */
export function chip(state) {
  const [sign, word] = STATES[state] ?? ["?", words(state)];
  return h("span", { className: `chip ${state}` }, h("span", { className: "sign", ariaHidden: "true" }, sign), word);
}

/** `1:05` or `2:00:09`. */
export function clock(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const pad = (n) => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
  return hours ? `${hours}:${pad(minutes)}:${pad(s % 60)}` : `${minutes}:${pad(s % 60)}`;
}

/** A running clock: counts from `since`, or down to `until`; `late` marks it after so many seconds. */
export function running(since, { until = false, late = 0 } = {}) {
  const data = until ? { until: Date.parse(since) } : { since: Date.parse(since), late };
  return h("time", { className: "clock", data });
}

/** Sets all running clocks. */
export function tick(root, now) {
  for (const element of root.querySelectorAll("time[data-since], time[data-until]")) {
    const { since, until, late } = element.dataset;
    const seconds = (until === undefined ? now - Number(since) : Number(until) - now) / 1000;
    element.textContent = clock(seconds);
    element.classList.toggle("late", Number(late) > 0 && seconds > Number(late));
  }
}

/** The time of day, as this person writes it. */
export const timeOfDay = (at) => new Date(at).toLocaleTimeString();

/** Seconds between two moments. */
export const between = (from, to) => (Date.parse(to) - Date.parse(from)) / 1000;

/** Who calls. */
export const caller = (call) =>
  [call.caller.name, call.caller.number].filter((part) => part).join(" · ") || "number withheld";

/** A share as a percentage. */
export const percent = (part, whole) => (whole > 0 ? `${Math.round((part / whole) * 100)} %` : "–");

/**
 * Puts elements for `items` into `parent`, in order, building only those that are new or in `dirty`. The focus
 * stays on a button that was built anew.
 */
export function list(parent, items, key, build, dirty, empty) {
  const old = new Map([...parent.children].filter((e) => e.dataset.key).map((e) => [e.dataset.key, e]));
  const focus = document.activeElement?.closest?.("[data-key]");
  const focused = focus && parent.contains(focus) ? [focus.dataset.key, document.activeElement.dataset.act] : null;
  const elements = items.map((item) => {
    const id = String(key(item));
    if (old.has(id) && !dirty.has(id)) return old.get(id);
    const element = build(item);
    element.dataset.key = id;
    return element;
  });
  if (elements.length === 0) elements.push(h("p", { className: "empty muted" }, empty));
  const same = elements.length === parent.children.length && elements.every((e, i) => e === parent.children[i]);
  if (same) return;
  parent.replaceChildren(...elements);
  if (focused && focused[1]) {
    const row = elements.find((e) => e.dataset.key === focused[0]);
    row?.querySelector(`[data-act="${CSS.escape(focused[1])}"]`)?.focus();
  }
}

/** A routing decision, unfolded. `name` makes a name of an extension. */
export function decision(made, name) {
  const won = new Set(made.winners);
  const candidates = made.candidates.map((candidate) =>
    h("li", { className: won.has(candidate.agent) ? "won" : "" },
      `${candidate.name ?? ""} ${candidate.agent}`,
      h("span", { className: "muted" }, ` idle ${clock(candidate.idle_seconds)}`,
        made.strategy === "linear" ? `, order ${candidate.order}` : ""),
      won.has(candidate.agent) ? h("strong", {}, " ← offered") : null));
  const excluded = made.excluded.map((group) =>
    h("li", {}, h("span", { className: "reason" }, group.text), ` ${group.agents.map(name).join(", ")}`));
  return h("li", { className: "decision" },
    h("p", {}, h("span", { className: "muted" }, `${timeOfDay(made.at)} · ${made.queue_name}, ${words(made.strategy)}, place ${made.position}: `), made.text),
    candidates.length ? h("div", {}, h("h4", {}, "Could take it, in this order"), h("ol", {}, candidates)) : null,
    excluded.length ? h("div", {}, h("h4", {}, "Could not"), h("ul", {}, excluded)) : null);
}
