// Reads the OpenAPI document and lets one try it.

import { h } from "/view.js";

const $ = (id) => document.getElementById(id);
const NOT_TRIED = new Set(["events"]);

/** Text with `code` in backticks. */
function prose(text) {
  return (text ?? "").split("\n\n").map((part) =>
    h("p", {}, part.split("`").map((piece, index) => (index % 2 ? h("code", {}, piece) : piece.replaceAll("\n", " ")))));
}

/** A schema as text, its references followed one into the other a few steps deep. */
function outline(schema, document, depth = 0) {
  if (!schema) return "";
  const pad = "  ".repeat(depth + 1);
  if (schema.$ref) {
    const name = schema.$ref.split("/").at(-1);
    return depth > 3 ? name : outline(document.components.schemas[name], document, depth);
  }
  const parts = schema.oneOf ?? schema.anyOf;
  if (parts) return [...new Set(parts.map((part) => outline(part, document, depth)))].join(" | ");
  if (schema.allOf) return schema.allOf.map((part) => outline(part, document, depth)).join(" & ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.type === "array") return `[ ${outline(schema.items, document, depth)}, … ]`;
  if (schema.properties) {
    const fields = Object.entries(schema.properties).map(([name, field]) => {
      const about = (field.description ?? "").split("\n").join(" ");
      return `${pad}${name}: ${outline(field, document, depth + 1)}${about ? `   — ${about}` : ""}`;
    });
    return `{\n${fields.join("\n")}\n${"  ".repeat(depth)}}`;
  }
  const type = [schema.type ?? "anything"].flat().join(" | ");
  return schema.format ? `${type} (${schema.format})` : type;
}

function answers(operation, document) {
  return Object.entries(operation.responses).map(([status, response]) => {
    const content = Object.entries(response.content ?? {})[0];
    const isProblem = content?.[0] === "application/problem+json";
    const shape = content && !isProblem ? h("pre", {}, outline(content[1].schema, document)) : null;
    return h("li", {}, h("strong", {}, status), " ", prose(response.description), shape);
  });
}

function form(path, method, operation) {
  const inputs = (operation.parameters ?? []).map((parameter) => {
    const input = h("input", { value: parameter.in === "path" ? parameter.example ?? "" : "", data: { in: parameter.in, name: parameter.name } });
    const label = h("label", {}, h("span", {}, h("code", {}, parameter.name), ` ${parameter.description ?? ""}`), input);
    return { input, label };
  });
  const example = operation.requestBody && Object.values(operation.requestBody.content)[0]?.example;
  const body = operation.requestBody ? h("textarea", { value: JSON.stringify(example ?? {}, null, 2), ariaLabel: "Body" }) : null;
  const result = h("pre", { hidden: true });
  const send = h("button", { type: "submit" }, "Send");
  const element = h("form", { className: "fields" }, inputs.map(({ label }) => label), body, h("div", {}, send), result);
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    let target = path;
    const query = new URLSearchParams();
    for (const { input } of inputs) {
      if (input.dataset.in === "path") target = target.replace(`{${input.dataset.name}}`, encodeURIComponent(input.value));
      else if (input.value) query.set(input.dataset.name, input.value);
    }
    if ([...query].length) target += `?${query}`;
    result.hidden = false;
    result.textContent = "…";
    await answer(target, method, body?.value, result);
  });
  return element;
}

async function answer(target, method, body, result) {
  const token = $("token").value;
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  try {
    const response = await fetch(target, { method, headers, body });
    const text = await response.text();
    let shown = text;
    try {
      const data = JSON.parse(text);
      shown = JSON.stringify(data, null, 2);
      if (data.token) keep(data.token);
    } catch { /* Not everything is JSON: metrics are not. */ }
    result.textContent = `${method} ${target}\n${response.status} ${response.statusText}\n\n${shown}`;
  } catch (error) {
    result.textContent = `${method} ${target}\n${error.message}`;
  }
}

function keep(token) {
  $("token").value = token;
  window.sessionStorage.setItem("token", token);
}

function show(path, method, operation, document) {
  const right = operation["x-right"];
  return h("details", { className: "operation", id: operation.operationId },
    h("summary", {}, h("span", { className: "method" }, method), h("code", {}, path), h("span", { className: "muted" }, operation.summary)),
    prose(operation.description),
    right ? h("p", { className: "muted" }, `Right: ${right}`) : null,
    h("h4", {}, "Answers"), h("ul", { className: "answers" }, answers(operation, document)),
    NOT_TRIED.has(operation.operationId) ? null : [h("h4", {}, "Try it"), form(path, method, operation)]);
}

async function start() {
  $("token").value = window.sessionStorage.getItem("token") ?? "";
  const document = await (await fetch("/v1/openapi.json")).json();
  $("intro").replaceChildren(...prose(document.info.description));
  for (const tag of document.tags) {
    const found = [];
    for (const [path, item] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        if (operation.tags?.includes(tag.name)) found.push(show(path, method.toUpperCase(), operation, document));
      }
    }
    $("operations").append(h("h2", {}, tag.name, " ", h("span", { className: "count" }, tag.description)), ...found);
  }
}

start();
