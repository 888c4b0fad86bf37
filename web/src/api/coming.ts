/**
 * Operations that this app's server may lack: an older one, or one that does not have the feature. Each answers null
 * there, and whatever depends on it is not shown.
 */
import { OWN } from "./client";
import { refused } from "./problem";
import { session } from "./session";

/** A reason for not being ready that agents choose. */
export interface NotReadyCode {
  code: string;
  label: string;
  enabled: boolean;
}

/** What a call can have been about. */
export interface Disposition {
  code: string;
  label: string;
  enabled: boolean;
  /** Queues whose calls it is for; empty: all. */
  queues: string[];
}

/** How a page is the phone of who is logged in. */
export interface PhoneAccount {
  extension: string;
  sip_uri: string;
  websocket: string;
  display_name: string;
}

const ABSENT = [404, 405, 501];

export const notReadyCodes = (): Promise<NotReadyCode[] | null> => list(`/v1/domains/${OWN}/not-ready-codes?limit=200`);
export const dispositions = (): Promise<Disposition[] | null> => list(`/v1/domains/${OWN}/dispositions?limit=200`);
export const phoneAccount = (): Promise<PhoneAccount | null> => ask("GET", "/v1/auth/phone");

export async function saveDisposition(call: string, disposition: string, notes: string): Promise<void> {
  await ask("PUT", `/v1/domains/${OWN}/calls/${encodeURIComponent(call)}/disposition`, { disposition, notes });
}

async function list<T>(path: string): Promise<T[] | null> {
  const page = await ask<{ items: T[] }>("GET", path);
  return page && page.items;
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T | null> {
  const headers = { Authorization: `Bearer ${session.token ?? ""}`, "Content-Type": "application/json" };
  const request = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  const response = await fetch(path, request).catch(() => {
    throw refused(0, null);
  });
  if (response.ok) return response.status === 204 ? null : ((await response.json()) as T);
  if (method === "GET" && ABSENT.includes(response.status)) return null;
  if (response.status === 401) session.end("ended");
  throw refused(response.status, await response.json().catch(() => null));
}
