/** What a field may point at: other entries of the domain, by what they are known by. */
import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useQueries } from "@tanstack/react-query";
import { useContext } from "react";
import { list, sectionPath } from "../model/call";
import { brief, type Entry } from "../model/json";
import type { Field } from "../model/schema";
import { WAYS } from "../flows/steps";
import { StepNames } from "./form";

export interface Option {
  value: string;
  label: string;
}

/** Where the options of a field come from; `free` fields take what is in none of them too. */
interface Source {
  sections: string[];
  free?: boolean;
  fixed?: () => Option[];
}

const MOST = "1000";

/** Built-in prompts that a domain may want to name. */
const BUILT_IN = [
  "music",
  "all-busy",
  "please-wait",
  "thank-you",
  "goodbye",
  "no-agents",
  "queue-full",
  "leave-a-message",
  "not-in-service",
  "invalid-code",
  "failed",
  "name-ask",
  "your-queue-call",
];

const plain = (value: string): Option => ({ value, label: value });
const zones = (): Option[] => Intl.supportedValuesOf("timeZone").map(plain);
const roles = (): Option[] => [
  { value: "agent", label: i18n._(msg`Agent`) },
  { value: "supervisor", label: i18n._(msg`Supervisor`) },
  { value: "admin", label: i18n._(msg`Admin`) },
  { value: "owner", label: i18n._(msg`Owner`) },
];
const topics = (): Option[] => ["calls", "queues", "agents", "phones", "mailboxes", "domain"].map(plain);
const languages = (): Option[] => ["en", "de"].map(plain);

const prompt: Source = { sections: ["prompts", "playlists"], free: true, fixed: () => BUILT_IN.map(plain) };
const queue: Source = { sections: ["queues"] };
const hours: Source = { sections: ["business_hours"] };
const phones: Source = { sections: ["agents", "extensions"] };
const agents: Source = { sections: ["agents"] };
const groups: Source = { sections: ["groups"] };
const zone: Source = { sections: [], fixed: zones };

const SOURCES: Record<string, Source> = {
  "Agent.groups": groups,
  "Agent.supervises": groups,
  "Agent.role": { sections: ["roles"], fixed: roles },
  "Agent.spoken_name": prompt,
  "Agent.timezone": zone,
  "BusinessHours.timezone": zone,
  "Domain.second_factor": { sections: ["roles"], fixed: roles },
  "Domain.timezone": zone,
  "Domain.language": { sections: [], free: true, fixed: languages },
  "Flow.language": { sections: [], free: true, fixed: languages },
  "Step.language": { sections: [], free: true, fixed: languages },
  "Report.agents": agents,
  "Report.groups": groups,
  "Report.queues": queue,
  "Queue.hours": hours,
  "Number.hours": hours,
  "When.open": hours,
  "When.holiday": hours,
  "Queue.moh": prompt,
  "Queue.announce_to_agent": prompt,
  "Intro.prompt": prompt,
  "Announce.prompts": prompt,
  "Flow.greeting": prompt,
  "Flow.invalid_message": prompt,
  "Flow.no_input_message": prompt,
  "Step.invalid": prompt,
  "Step.no_input": prompt,
  "HangupRow.message": prompt,
  "VoicemailRow.message": prompt,
  "Greetings.busy": prompt,
  "Greetings.no_answer": prompt,
  "Greetings.unavailable": prompt,
  "Playlist.prompts": prompt,
  "VoicemailRow.mailbox": { sections: ["mailboxes"], free: true },
  "RingGroup.members": phones,
  "Exclusive.agents": agents,
  "Member.agent": agents,
  "Exclusive.queue": queue,
  "Webhook.queues": queue,
  "Disposition.queues": queue,
  "Webhook.events": { sections: [], free: true, fixed: topics },
  "Step.queue": queue,
  "When.queue": queue,
  "Step.ring_group": { sections: ["ring_groups"] },
  "Step.extension": { sections: ["agents", "extensions"], free: true },
  "Plan.queue": queue,
  "Plan.extension": { sections: ["agents", "extensions", "queues", "flows", "ring_groups"], free: true },
  "Plan.flow": { sections: ["flows"] },
  "Plan.ring_group": { sections: ["ring_groups"] },
};

/** The fields by which entries of a section are named. */
function option(section: string, entry: Entry): Option | null {
  const value = section === "agents" ? entry.extension : (entry.number ?? entry.name);
  if (typeof value !== "string") return null;
  const name = entry.number === undefined && section !== "agents" ? undefined : (entry.name ?? entry.display_name);
  return { value, label: name === undefined ? value : `${value} · ${brief(name)}` };
}

/** Fields whose value is a step of the flow. */
const STEPS = new Set(["When.next", ...WAYS.map((name) => `Step.${name}`)]);

const NOTHING: Source = { sections: [], free: true };

/** The options of a field, and whether it takes what is none of them; null for a field that points at nothing. */
export function useReferences(field: Pick<Field, "shape" | "name">): { options: Option[]; free: boolean } | null {
  const place = `${field.shape}.${field.name}`;
  const source = SOURCES[place];
  const steps = useContext(StepNames);
  const asked = useQueries({
    queries: (source ?? NOTHING).sections.map((section) => ({
      queryKey: ["provisioning", section, "all"],
      queryFn: () => list(sectionPath(section), { limit: MOST }),
    })),
  });
  if (STEPS.has(place)) return { options: steps.filter((name) => name !== "").map(plain), free: false };
  if (!source) return null;
  const found = asked.flatMap(({ data }, at) =>
    (data?.items ?? []).flatMap((entry) => option(source.sections[at] ?? "", entry) ?? []),
  );
  const seen = new Set<string>();
  const options = [...(source.fixed?.() ?? []), ...found].filter(({ value }) => !seen.has(value) && seen.add(value));
  return { options, free: source.free ?? false };
}

/** What is set but stands in no list is an option too: it is shown, and the server says if it is wrong. */
export const withValue = (options: Option[], values: readonly string[]): Option[] => [
  ...options,
  ...values.filter((value) => value !== "" && !options.some((one) => one.value === value)).map(plain),
];
