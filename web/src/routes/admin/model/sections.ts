/** The lists of the provisioning: how each is called, what its entries are known by, how they are shown and grouped. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { brief, type Entry } from "./json";
import { forms } from "./schema";

export interface Column {
  field: string;
  /** Another word than the form's label. */
  label?: MessageDescriptor;
}

export interface Group {
  title: MessageDescriptor;
  fields: string[];
  /** Shut until it is asked for, unless something in it is set. */
  shut?: boolean;
}

export interface Section {
  name: string;
  /** Many of them, and one of them to be made. */
  title: MessageDescriptor;
  add: MessageDescriptor;
  /** What it is for, where there is none of it yet. */
  empty: MessageDescriptor;
  /** What its entries are known by: two parts of prompts and exclusive numbers. */
  key: string[];
  columns: Column[];
  groups?: Group[];
  /** A table can be brought in. */
  table?: boolean;
  /** The field that switches an entry on and off, with both of its values. */
  switch?: { field: string; on: string | boolean; off: string | boolean };
}

export const SECTIONS: Section[] = [
  {
    name: "agents",
    title: msg`Agents`,
    add: msg`Add an agent`,
    empty: msg`People who take calls. Add one by one, or bring in a table.`,
    key: ["extension"],
    columns: [{ field: "name" }, { field: "email" }, { field: "groups" }, { field: "role" }, { field: "status" }],
    groups: [
      { title: msg`Person`, fields: ["name", "extension", "email", "groups", "role", "supervises", "status"] },
      { title: msg`Calls`, fields: ["skills", "max_concurrent_calls", "dnd", "hours", "timezone", "spoken_name"] },
      { title: msg`Phones`, fields: ["sip_password", "personal_phone", "forward_when", "call_link", "call_link_private"] },
      { title: msg`Login`, fields: ["password"] },
    ],
    table: true,
    switch: { field: "status", on: "active", off: "disabled" },
  },
  {
    name: "groups",
    title: msg`Groups`,
    add: msg`Add a group`,
    empty: msg`Every agent belongs to a group at least. Supervisors can be limited to some of them.`,
    key: ["name"],
    columns: [],
  },
  {
    name: "roles",
    title: msg`Roles`,
    add: msg`Add a role`,
    empty: msg`Agent, supervisor, admin and owner are always there. Add a role where none of them fits.`,
    key: ["name"],
    columns: [{ field: "rights" }, { field: "supervises" }],
  },
  {
    name: "extensions",
    title: msg`Free extensions`,
    add: msg`Add an extension`,
    empty: msg`Phones that are nobody's: in a meeting room, at a door, or for an agent to come.`,
    key: ["number"],
    columns: [{ field: "display_name" }, { field: "ring_timeout" }, { field: "dnd" }],
    table: true,
  },
  {
    name: "queues",
    title: msg`Queues`,
    add: msg`Add a queue`,
    empty: msg`Lines in which callers wait for an agent. The first one makes a contact centre of the domain.`,
    key: ["number"],
    columns: [{ field: "name" }, { field: "strategy" }, { field: "members" }, { field: "ring_time" }, { field: "wrap_up_time" }],
    groups: [
      { title: msg`The queue`, fields: ["name", "number", "hours"] },
      {
        title: msg`Who gets the call`,
        fields: ["strategy", "members", "ring_time", "skills", "sticky", "weight", "sim_ring_first", "sim_ring_increment"],
      },
      {
        title: msg`Waiting`,
        fields: [
          "max_waiting_time",
          "max_callers",
          "max_expected_wait",
          "wait_when_no_agents",
          "sla_time",
          "order_by",
          "ageing",
          "exit",
          "callback",
        ],
      },
      {
        title: msg`Where callers go else`,
        fields: ["on_no_answer", "on_no_agents", "on_full", "on_closed", "on_night"],
      },
      {
        title: msg`After the call`,
        fields: [
          "wrap_up_time",
          "auto_ready",
          "after_non_acd",
          "rna_policy",
          "retry_delay",
          "busy_delay",
          "decline_delay",
          "decline_is_rna",
        ],
      },
      { title: msg`What is heard and recorded`, fields: ["moh", "intro", "recording", "announce", "announce_place", "announce_to_agent"] },
    ],
  },
  {
    name: "numbers",
    title: msg`Numbers`,
    add: msg`Add a number`,
    empty: msg`Numbers that are dialed from outside. Without one nobody calls in.`,
    key: ["number"],
    columns: [{ field: "open" }, { field: "hours" }, { field: "closed" }],
    groups: [
      { title: msg`The number`, fields: ["number", "hours"] },
      { title: msg`Where its callers go`, fields: ["open", "closed", "holiday", "night"] },
      { title: msg`In the queues`, fields: ["priority", "skills"] },
    ],
    table: true,
  },
  {
    name: "business_hours",
    title: msg`Business hours`,
    add: msg`Add business hours`,
    empty: msg`When numbers and queues are open. Without them, everything is always open.`,
    key: ["name"],
    columns: [{ field: "timezone" }, { field: "holidays" }],
    groups: [
      { title: msg`The hours`, fields: ["name", "timezone"] },
      { title: msg`Week`, fields: ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] },
      { title: msg`Days that are no working days`, fields: ["holidays"] },
    ],
  },
  {
    name: "ring_groups",
    title: msg`Ring groups`,
    add: msg`Add a ring group`,
    empty: msg`Several phones under one number. Who answers first has the call; nobody waits.`,
    key: ["number"],
    columns: [{ field: "name" }, { field: "members" }, { field: "strategy" }],
  },
  {
    name: "mailboxes",
    title: msg`Mailboxes`,
    add: msg`Add a mailbox`,
    empty: msg`Where callers leave messages: an agent's, a queue's, or one of its own.`,
    key: ["number"],
    columns: [{ field: "name" }, { field: "email" }, { field: "retention_days" }],
  },
  {
    name: "flows",
    title: msg`Flows`,
    add: msg`Add a flow`,
    empty: msg`What a caller meets between dialing and a person: menus, questions, decisions.`,
    key: ["number"],
    columns: [{ field: "name" }, { field: "kind" }],
  },
  {
    name: "trunks",
    title: msg`Trunks`,
    add: msg`Add a trunk`,
    empty: msg`Connections to carriers. Without one there are no calls from or to outside.`,
    key: ["name"],
    columns: [{ field: "host" }, { field: "allow_from" }],
  },
  {
    name: "vip_numbers",
    title: msg`VIP callers`,
    add: msg`Add a VIP caller`,
    empty: msg`Callers who are served before others.`,
    key: ["number"],
    columns: [{ field: "priority" }, { field: "until" }],
  },
  {
    name: "exclusive_numbers",
    title: msg`Callers with own agents`,
    add: msg`Add a caller`,
    empty: msg`Callers whose own agents are tried first.`,
    key: ["number", "queue"],
    columns: [{ field: "agents" }, { field: "until" }],
  },
  {
    name: "queue_blacklist",
    title: msg`Kept out of queues`,
    add: msg`Add a caller`,
    empty: msg`Callers whom queues keep out, with a warning or altogether.`,
    key: ["number"],
    columns: [{ field: "level" }, { field: "until" }],
  },
  {
    name: "blacklist",
    title: msg`Blocked callers`,
    add: msg`Block a caller`,
    empty: msg`Callers who are refused without a word.`,
    key: ["number"],
    columns: [{ field: "until" }],
  },
  {
    name: "playlists",
    title: msg`Playlists`,
    add: msg`Add a playlist`,
    empty: msg`Several prompts under one name, such as a queue's music.`,
    key: ["name"],
    columns: [{ field: "prompts" }],
  },
  {
    name: "not_ready_codes",
    title: msg`Reasons for not ready`,
    add: msg`Add a reason`,
    empty: msg`What agents choose from when they are not ready.`,
    key: ["code"],
    columns: [{ field: "label" }, { field: "enabled" }],
    switch: { field: "enabled", on: true, off: false },
  },
  {
    name: "dispositions",
    title: msg`Results of calls`,
    add: msg`Add a result`,
    empty: msg`What agents say of a call in wrap-up.`,
    key: ["code"],
    columns: [{ field: "label" }, { field: "queues" }, { field: "enabled" }],
    switch: { field: "enabled", on: true, off: false },
  },
  {
    name: "feature_codes",
    title: msg`Feature codes`,
    add: msg`Add a feature code`,
    empty: msg`What phones dial to do something. A feature without an entry here has its usual code.`,
    key: ["code"],
    columns: [{ field: "feature" }, { field: "enabled" }],
    switch: { field: "enabled", on: true, off: false },
  },
  {
    name: "reports",
    title: msg`Reports by email`,
    add: msg`Add a report`,
    empty: msg`Figures of queues or agents that go by email at set times, as a document or a table.`,
    key: ["name"],
    columns: [{ field: "about" }, { field: "span" }, { field: "every" }, { field: "recipients" }, { field: "enabled" }],
    groups: [
      { title: msg`The report`, fields: ["name", "about", "queues", "agents", "groups", "span", "interval"] },
      { title: msg`When it goes`, fields: ["every", "weekday", "day", "at"] },
      { title: msg`The email`, fields: ["recipients", "format", "language", "enabled"] },
    ],
    switch: { field: "enabled", on: true, off: false },
  },
  {
    name: "webhooks",
    title: msg`Webhooks`,
    add: msg`Add a webhook`,
    empty: msg`Programs that are told over HTTP what happens, each message signed.`,
    key: ["name"],
    columns: [{ field: "url" }, { field: "events" }, { field: "enabled" }],
    switch: { field: "enabled", on: true, off: false },
  },
];

/** A section that this server has. */
export function section(name: string): Section | undefined {
  const found = SECTIONS.find((one) => one.name === name);
  return found && forms.shapeOf(name) !== undefined ? keyed(found) : undefined;
}

/** What came later may be known by another field than was thought: the schema says which are wanted. */
function keyed(one: Section): Section {
  const names = forms.sectionFields(one.name).map(({ name }) => name);
  if (one.key.every((field) => names.includes(field))) return one;
  const wanted = forms.sectionFields(one.name).find(({ required }) => required);
  return wanted ? { ...one, key: [wanted.name] } : one;
}

/** What an entry is known by, in the API's paths. Agents without an extension are known by their e-mail. */
export function keyOf(one: Section, entry: Entry): string[] {
  if (one.name === "agents") return [brief(entry.extension ?? entry.email ?? "")];
  return one.key.map((field) => brief(entry[field] ?? ""));
}
