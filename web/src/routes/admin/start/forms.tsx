/** The short forms of the first steps: as little as is needed to go on. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { language } from "~/i18n/i18n";
import { Problem } from "~/components/Notice/Problem";
import { type Provisioned, provision, provisioningPath, sectionPath } from "../model/call";
import type { Entry, Json } from "../model/json";
import { PlanField } from "../parts/PlanField";
import { agentEdits, domainFile } from "./begin";
import styles from "../Admin.module.css";

interface FormProps {
  work(): Promise<Provisioned>;
  onMade(made: Provisioned): void;
  action: string;
  children: ReactNode;
}

function Short({ work, onMade, action, children }: FormProps) {
  const doing = useMutation({ mutationFn: work, onSuccess: onMade });
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        doing.mutate();
      }}
    >
      {children}
      <Problem problem={doing.error} />
      <div>
        <Button type="submit" loading={doing.isPending}>
          {action}
        </Button>
      </div>
    </form>
  );
}

const needed = { required: true, withAsterisk: false } as const;

export function DomainStep({ onMade }: { onMade(): void }) {
  const { t } = useLingui();
  const here = location.hostname;
  const [name, setName] = useState(/^[\d.:]+$|^localhost$/.test(here) ? "" : here);
  const [zone, setZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [tongue, setTongue] = useState<string>(language());
  return (
    <Short
      action={t`Make the domain`}
      onMade={onMade}
      work={() =>
        provision(
          { method: "POST", path: `${provisioningPath()}?forecast=false`, headers: { "Content-Type": "application/yaml" } },
          { raw: domainFile(name.trim(), zone, tongue) },
        )
      }
    >
      <div className={styles.fields}>
        <TextInput
          {...needed}
          label={t`Name`}
          description={t`What phones register at, such as example.org.`}
          pattern="[A-Za-z0-9._\-]{1,64}"
          placeholder="example.org"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Select
          {...needed}
          label={t`Time zone`}
          searchable
          limit={100}
          allowDeselect={false}
          data={Intl.supportedValuesOf("timeZone").includes(zone) ? Intl.supportedValuesOf("timeZone") : [zone, ...Intl.supportedValuesOf("timeZone")]}
          value={zone}
          onChange={(next) => next && setZone(next)}
        />
        <Select
          {...needed}
          label={t`Language that callers hear`}
          allowDeselect={false}
          data={[
            { value: "en", label: t`English` },
            { value: "de", label: t`German` },
          ]}
          value={tongue}
          onChange={(next) => next && setTongue(next)}
        />
      </div>
    </Short>
  );
}

export function AgentStep({ groups, onMade }: { groups: readonly string[]; onMade(made: Provisioned): void }) {
  const { t } = useLingui();
  const [name, setName] = useState("");
  const [extension, setExtension] = useState("1001");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const group = groups[0] ?? "team";
  return (
    <Short
      action={t`Make the agent`}
      onMade={onMade}
      work={() =>
        provision({
          method: "PATCH",
          path: provisioningPath(),
          body: { edits: agentEdits({ name: name.trim(), extension, email: email.trim(), password, group }, groups) as unknown as Json },
        })
      }
    >
      <div className={styles.fields}>
        <TextInput {...needed} label={t`Full name`} maxLength={128} value={name} onChange={({ currentTarget }) => setName(currentTarget.value)} />
        <TextInput
          {...needed}
          label={t`Extension`}
          inputMode="numeric"
          pattern="[0-9]{3,64}"
          value={extension}
          onChange={({ currentTarget }) => setExtension(currentTarget.value)}
        />
        <TextInput
          type="email"
          label={t`Email`}
          description={t`For the desk in the browser; not needed for a desk phone.`}
          value={email}
          onChange={({ currentTarget }) => setEmail(currentTarget.value)}
        />
        {email !== "" && (
          <PasswordInput
            label={t`Web password`}
            description={t`At least 8 characters. If empty, she is invited by email and takes no calls before.`}
            autoComplete="new-password"
            minLength={8}
            visibilityToggleButtonProps={{ "aria-label": t`Show what is typed` }}
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          />
        )}
      </div>
    </Short>
  );
}

export function QueueStep({ agents, onMade }: { agents: readonly string[]; onMade(made: Provisioned): void }) {
  const { t } = useLingui();
  const [name, setName] = useState(t`Support`);
  const [number, setNumber] = useState("8000");
  return (
    <Short
      action={t`Make the queue`}
      onMade={onMade}
      work={() =>
        provision({
          method: "POST",
          path: sectionPath("queues"),
          body: {
            number,
            name: name.trim(),
            wait_when_no_agents: true,
            on_no_answer: { hangup: { message: "goodbye" } },
            members: agents.map((agent) => ({ agent })),
          },
        })
      }
    >
      <p className={styles.hint}>
        <Trans>All agents are its members. Everything else of a queue can be set later.</Trans>
      </p>
      <div className={styles.fields}>
        <TextInput {...needed} label={t`Name`} maxLength={64} value={name} onChange={({ currentTarget }) => setName(currentTarget.value)} />
        <TextInput
          {...needed}
          label={t`Extension`}
          inputMode="numeric"
          pattern="[0-9]{3,64}"
          value={number}
          onChange={({ currentTarget }) => setNumber(currentTarget.value)}
        />
      </div>
    </Short>
  );
}

export function TrunkStep({ onMade }: { onMade(made: Provisioned): void }) {
  const { t } = useLingui();
  const [name, setName] = useState(t`carrier`);
  const [host, setHost] = useState("");
  const [from, setFrom] = useState("");
  return (
    <Short
      action={t`Make the trunk`}
      onMade={onMade}
      work={() =>
        provision({
          method: "POST",
          path: sectionPath("trunks"),
          body: { name: name.trim(), host: host.trim(), allow_from: from.split(/[\s,;]+/).filter((network) => network !== "") },
        })
      }
    >
      <p className={styles.hint}>
        <Trans>The carrier says both: where calls go out to, and which networks its calls come in from.</Trans>
      </p>
      <div className={styles.fields}>
        <TextInput {...needed} label={t`Name`} maxLength={64} value={name} onChange={({ currentTarget }) => setName(currentTarget.value)} />
        <TextInput
          {...needed}
          label={t`Calls go out to`}
          placeholder="sip.example.net:5060"
          value={host}
          onChange={({ currentTarget }) => setHost(currentTarget.value)}
        />
        <TextInput
          label={t`Calls come in from`}
          description={t`Networks, with commas between them. Keep them narrow.`}
          placeholder="192.0.2.0/24"
          value={from}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        />
      </div>
    </Short>
  );
}

export function NumberStep({ queue, onMade }: { queue: string; onMade(made: Provisioned): void }) {
  const { t } = useLingui();
  const [number, setNumber] = useState("");
  const [open, setOpen] = useState<Json | undefined>({ queue });
  return (
    <Short
      action={t`Make the number`}
      onMade={onMade}
      work={() => provision({ method: "POST", path: sectionPath("numbers"), body: { number: number.trim(), open: open ?? {} } as Entry })}
    >
      <div className={styles.fields}>
        <TextInput
          {...needed}
          label={t`Number`}
          description={t`As the trunk sends it, such as +493012345678.`}
          pattern="\+?[0-9]{2,32}"
          inputMode="tel"
          value={number}
          onChange={({ currentTarget }) => setNumber(currentTarget.value)}
        />
        <PlanField
          field={{ shape: "Number", name: "open", kind: { kind: "plan" }, required: true, description: "" }}
          path={["open"]}
          value={open}
          onChange={setOpen}
        />
      </div>
    </Short>
  );
}
