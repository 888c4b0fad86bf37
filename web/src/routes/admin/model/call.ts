/** Requests to the provisioning, whose entries have as many shapes as there are sections. */
import { once } from "~/api/client";
import type { components } from "~/api/v1";
import { withLogin } from "~/api/withLogin";
import type { Call } from "./curl";
import type { Entry, Json } from "./json";

export type Provisioned = components["schemas"]["Provisioned"];
export type Fault = components["schemas"]["EditFault"];
export type CellFault = components["schemas"]["CellFault"];

const BASE = "/v1/domains/~";
const PROVISIONING = `${BASE}/provisioning`;

const joined = (parts: readonly string[]): string => parts.map(encodeURIComponent).join("/");

export const sectionPath = (section: string): string => `${PROVISIONING}/${encodeURIComponent(section)}`;
export const entryPath = (section: string, key: readonly string[]): string => `${sectionPath(section)}/${joined(key)}`;
export const provisioningPath = (): string => PROVISIONING;
export const domainPath = (...parts: string[]): string => [BASE, joined(parts)].join("/");

/** Asks; a refusal is thrown. A change with a why tells it for the history. */
export async function send(call: Call, options: { dryRun?: boolean; why?: string; raw?: BodyInit } = {}): Promise<Response> {
  const query = options.dryRun ? `${call.path.includes("?") ? "&" : "?"}dry_run=true` : "";
  const headers: Record<string, string> = { ...call.headers };
  if (call.body !== undefined) headers["Content-Type"] = "application/json";
  if (call.method === "POST" && !options.dryRun) Object.assign(headers, once());
  if (options.why?.trim()) headers["X-Reason"] = headerText(options.why.trim());
  const body = options.raw ?? (call.body === undefined ? null : JSON.stringify(call.body));
  return withLogin(call.path + query, { method: call.method, headers, body });
}

export const provision = async (call: Call, options: { dryRun?: boolean; why?: string; raw?: BodyInit } = {}): Promise<Provisioned> =>
  (await send(call, options)).json();

/** An entry and the tag that it has as long as nobody changes it. */
export interface Loaded {
  entry: Entry;
  tag: string | null;
}

export async function load(path: string): Promise<Loaded> {
  const response = await send({ method: "GET", path });
  return { entry: await response.json(), tag: response.headers.get("ETag") };
}

export interface Page {
  items: Entry[];
  next: string | null;
}

export async function list(path: string, query: Record<string, string | undefined>): Promise<Page> {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) asked.set(name, value);
  const text = asked.toString();
  const response = await send({ method: "GET", path: text ? `${path}?${text}` : path });
  const page: { items: Json[]; next?: string | null } = await response.json();
  return { items: page.items as Entry[], next: page.next ?? null };
}

/** A header's value is bytes: the server reads them as UTF-8, the browser takes one character for each. */
export const headerText = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text));
