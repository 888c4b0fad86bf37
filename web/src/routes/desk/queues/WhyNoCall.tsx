/** "Why am I not getting calls?": phone, and for each queue what stands in the way, or that nothing does. */
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { IconChevronDown, IconChevronUp, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useDisclosure } from "@mantine/hooks";
import { answer, api, OWN, type Schemas } from "~/api/client";
import { Problem } from "~/components/Notice/Problem";
import type { Agent } from "~/live/fold";
import desk from "../desk.module.css";
import { PASSED, REASONS } from "./why";
import styles from "./queues.module.css";

export function WhyNoCall({ agent, extension }: { agent: Agent; extension: string }) {
  const { t } = useLingui();
  const [open, { toggle }] = useDisclosure(false);
  return (
    <section className={desk.card} aria-label={t`Why am I not getting calls?`}>
      <button type="button" className={styles.fold} aria-expanded={open} onClick={toggle}>
        <span className={desk.cardTitle}>
          <Trans>Why am I not getting calls?</Trans>
        </span>
        {open ? <IconChevronUp size={18} aria-hidden="true" /> : <IconChevronDown size={18} aria-hidden="true" />}
      </button>
      {open && <Reasons agent={agent} extension={extension} />}
    </section>
  );
}

function Reasons({ agent, extension }: { agent: Agent; extension: string }) {
  // Asked again whenever something about her changes; and now and then, since others' calls change it, too.
  const look = useQuery({
    queryKey: ["why-no-call", extension, agent],
    queryFn: () =>
      answer(
        api.GET("/v1/domains/{domain}/agents/{extension}/why-no-call", { params: { path: { domain: OWN, extension } } }),
      ),
    placeholderData: (before) => before,
    refetchInterval: 10_000,
  });
  return (
    <>
      <Problem problem={look.error} again={() => void look.refetch()} />
      <ul className={styles.why}>
        <li className={desk.row}>
          <Mark good={agent.registered} />
          {agent.registered ? <Trans>Your phone is registered.</Trans> : <Trans>No phone of yours is registered.</Trans>}
        </li>
        {look.data?.queues.map((queue) => (
          <Queue key={queue.queue} queue={queue} />
        ))}
      </ul>
    </>
  );
}

function Queue({ queue }: { queue: Schemas["NoCallItem"] }) {
  const { i18n } = useLingui();
  const known = queue.reason ? REASONS[queue.reason] : undefined;
  const passed = queue.passed?.reason ? PASSED[queue.passed.reason] : undefined;
  return (
    <li className={desk.row} style={{ flexWrap: "nowrap", alignItems: "flex-start" }}>
      <Mark good={!queue.reason} />
      <div>
        <p>
          <strong>{queue.queue_name}</strong>:{" "}
          {queue.reason ? known ? i18n._(known) : queue.text : <Trans>The next call that is yours to have comes to you.</Trans>}
        </p>
        {!queue.reason && queue.passed && <p className={styles.passed}>{passed ? i18n._(passed) : <Ahead queue={queue} />}</p>}
      </div>
    </li>
  );
}

/** Others were before her: how many, by the queue's own order. */
function Ahead({ queue }: { queue: Schemas["NoCallItem"] }) {
  const count = queue.passed?.ahead.length ?? 0;
  if (count === 0) return queue.text;
  return (
    <Plural
      value={count}
      one="For the last call # agent was ahead of you."
      other="For the last call # agents were ahead of you."
    />
  );
}

function Mark({ good }: { good: boolean }) {
  const { t } = useLingui();
  return good ? (
    <IconCircleCheck size={18} color="var(--good)" style={{ flex: "none" }} role="img" aria-label={t`Fine`} />
  ) : (
    <IconCircleX size={18} color="var(--bad)" style={{ flex: "none" }} role="img" aria-label={t`In the way`} />
  );
}
