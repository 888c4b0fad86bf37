/** What the first steps send: a domain's file, its first agent, her queue. */
import type { Edit } from "../model/bulk";

/** Quoted for YAML: a JSON string is one. */
const yaml = (text: string): string => JSON.stringify(text);

export const domainFile = (domain: string, timezone: string, language: string): string =>
  [`domain: ${yaml(domain)}`, `timezone: ${yaml(timezone)}`, `language: ${yaml(language)}`, ""].join("\n");

export interface FirstAgent {
  name: string;
  extension: string;
  email: string;
  password: string;
  group: string;
}

/** The agent, with her group if it is not there yet. */
export function agentEdits(agent: FirstAgent, groups: readonly string[]): Edit[] {
  const value = {
    name: agent.name,
    extension: agent.extension,
    groups: [agent.group],
    ...(agent.email ? { email: agent.email } : {}),
    ...(agent.password ? { password: agent.password } : {}),
  };
  const group: Edit = { op: "create", section: "groups", key: [agent.group], value: { name: agent.group } };
  const made: Edit = { op: "create", section: "agents", key: [agent.extension], value };
  return groups.includes(agent.group) ? [made] : [group, made];
}

const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const SECRET_LENGTH = 24;

/** A password for a phone: nobody has to remember it, some have to type it. */
export function phoneSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_LENGTH));
  return Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join("");
}
