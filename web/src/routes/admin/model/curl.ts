/** A request as a line for a shell, for whoever wants to do the same by a program. */
import type { Json } from "./json";

export interface Call {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the server's address, query included. */
  path: string;
  headers?: Record<string, string>;
  body?: Json | undefined;
  /** A file that is sent instead. */
  file?: string;
}

/** A word of a POSIX shell that stands for this text and nothing else. */
export const quoted = (text: string): string => (/^[A-Za-z0-9_./:@%=+~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** The token is named, never shown. */
export function curl(call: Call, origin: string): string {
  const lines = [`curl -X ${call.method} ${quoted(origin + call.path)}`, `-H "Authorization: Bearer $TOKEN"`];
  for (const [name, value] of Object.entries(call.headers ?? {})) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (call.file) lines.push(`--data-binary ${quoted(`@${call.file}`)}`);
  else if (call.body !== undefined) {
    lines.push(`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(call.body))}`);
  }
  return lines.join(" \\\n  ");
}
