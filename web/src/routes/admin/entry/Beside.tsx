/** What else belongs to an entry, above its form. */
import type { Entry } from "../model/json";
import type { Section } from "../model/sections";
import { AgentBeside } from "./AgentBeside";
import { FlowBeside } from "./FlowBeside";
import { HoursBeside } from "./HoursBeside";
import { NumberBeside } from "./NumberBeside";
import { TrunkBeside } from "./TrunkBeside";
import { ReportBeside } from "./ReportBeside";
import { WebhookBeside } from "./WebhookBeside";

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);

export function Beside({ section, keys, entry }: { section: Section; keys: string[]; entry: Entry }) {
  const key = keys[0] ?? "";
  switch (section.name) {
    case "agents":
      return <AgentBeside extension={key} email={text(entry.email)} link={text(entry.call_link)} />;
    case "numbers":
      return <NumberBeside number={key} />;
    case "business_hours":
      return <HoursBeside name={key} />;
    case "trunks":
      return <TrunkBeside name={key} />;
    case "reports":
      return <ReportBeside name={key} />;
    case "webhooks":
      return <WebhookBeside name={key} />;
    case "flows":
      return <FlowBeside number={key} kind={entry.kind} />;
    default:
      return null;
  }
}
