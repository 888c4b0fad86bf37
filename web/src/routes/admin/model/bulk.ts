/** What is done to several entries at once, as edits of one change. */
import type { Entry, Json } from "./json";
import { keyOf, type Section } from "./sections";

export interface Edit {
  op: "create" | "put" | "patch" | "remove";
  section: string;
  key: string[];
  member?: string;
  value?: Json;
}

export type Deed =
  | { kind: "remove" }
  | { kind: "switch"; on: boolean }
  | { kind: "queue"; queue: string }
  | { kind: "group"; group: string };

/** The edits, in the order of the entries. What would change nothing is left out. */
export function edits(section: Section, entries: readonly Entry[], deed: Deed): Edit[] {
  return entries.flatMap((entry): Edit[] => {
    const key = keyOf(section, entry);
    switch (deed.kind) {
      case "remove":
        return [{ op: "remove", section: section.name, key }];
      case "switch": {
        const by = section.switch;
        if (!by) return [];
        return [{ op: "patch", section: section.name, key, value: { [by.field]: deed.on ? by.on : by.off } }];
      }
      case "queue": {
        // Only who has an extension takes calls.
        const member = entry.extension;
        if (typeof member !== "string") return [];
        return [{ op: "put", section: "queues", key: [deed.queue], member, value: {} }];
      }
      case "group": {
        const groups = Array.isArray(entry.groups) ? entry.groups : [];
        if (groups.includes(deed.group)) return [];
        return [{ op: "patch", section: section.name, key, value: { groups: [...groups, deed.group] } }];
      }
    }
  });
}
