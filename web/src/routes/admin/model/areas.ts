/** How administration is divided: what the menu at its side has, and who sees it. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Right } from "~/api/session";

export interface Way {
  /** A page of its own, or a list of the provisioning. */
  to: "/admin" | "/admin/start" | "/admin/history" | "/admin/settings" | "/admin/limits" | "/admin/keys" | "/admin/prompts";
  word: MessageDescriptor;
  right?: Right;
}

export interface Part {
  title: MessageDescriptor;
  /** Names of sections, and pages. */
  ways: (string | Way)[];
}

export const PARTS: Part[] = [
  {
    title: msg`Domain`,
    ways: [
      { to: "/admin", word: msg`Overview` },
      { to: "/admin/start", word: msg`First steps`, right: "provisioning" },
      { to: "/admin/history", word: msg`History`, right: "audit" },
      { to: "/admin/settings", word: msg`Settings` },
      { to: "/admin/limits", word: msg`Limits` },
    ],
  },
  { title: msg`People`, ways: ["agents", "groups", "roles", "extensions"] },
  { title: msg`Calls`, ways: ["queues", "numbers", "business_hours", "ring_groups", "flows", "mailboxes"] },
  { title: msg`Sound`, ways: [{ to: "/admin/prompts", word: msg`Prompts` }, "playlists"] },
  { title: msg`Callers`, ways: ["vip_numbers", "exclusive_numbers", "queue_blacklist", "blacklist"] },
  { title: msg`Words`, ways: ["not_ready_codes", "dispositions"] },
  {
    title: msg`Connections`,
    ways: ["trunks", "feature_codes", "reports", "webhooks", { to: "/admin/keys", word: msg`API keys`, right: "access" }],
  },
];
