/** Whether a trunk answers at this moment, and what to do if it does not. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Fragment } from "react";
import { answer, api, once, OWN, type Schemas } from "~/api/client";
import { Problem } from "~/components/Notice/Problem";
import styles from "../Admin.module.css";

type Tested = Schemas["TrunkTestItem"];
type Verdict = Schemas["TrunkVerdict"];

/** What each verdict comes to, and what to do. */
const WORDS: Record<Verdict, { said: MessageDescriptor; todo: MessageDescriptor; good: boolean }> = {
  answers: {
    said: msg`The trunk answers.`,
    todo: msg`If calls fail all the same, look at what it says to them.`,
    good: true,
  },
  answers_otherwise: {
    said: msg`The trunk is there.`,
    todo: msg`It does not serve this question, as many do not. Calls can go out to it.`,
    good: true,
  },
  wants_login: {
    said: msg`The trunk is there and wants a login.`,
    todo: msg`Trunks are used without one here: have the carrier let in this server by its address. Some want a login for this question only.`,
    good: false,
  },
  refuses: {
    said: msg`The trunk is there and refuses this server.`,
    todo: msg`Have the carrier let in this server's address.`,
    good: false,
  },
  points_elsewhere: {
    said: msg`The trunk points elsewhere.`,
    todo: msg`Ask the carrier for the host to use, and set it.`,
    good: false,
  },
  troubled: {
    said: msg`The trunk is there and has trouble of its own.`,
    todo: msg`Ask the carrier.`,
    good: false,
  },
  silent: {
    said: msg`Nobody answered.`,
    todo: msg`See that host and port are right, that a firewall lets UDP out to it and back, and that the carrier lets in this server's address: many say nothing to strangers.`,
    good: false,
  },
  not_sent: {
    said: msg`Nothing leads there from the server.`,
    todo: msg`Its setting sip.udp is off, or has no address of this kind (IPv4 or IPv6).`,
    good: false,
  },
  unknown_host: {
    said: msg`The host's name is not found.`,
    todo: msg`See how it is written, and the server's DNS.`,
    good: false,
  },
};

export function TrunkBeside({ name }: { name: string }) {
  const { t } = useLingui();
  const test = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/domains/{domain}/trunks/{trunk}/test", {
          params: { path: { domain: OWN, trunk: name }, header: once() },
        }),
      ),
  });
  return (
    <section className={`card ${styles.stack}`} aria-label={t`Whether it answers`}>
      <div className={styles.tools}>
        <span className={styles.hint}>
          <Trans>Asks the trunk as it is saved, without a call.</Trans>
        </span>
        <span className={styles.grow} />
        <Button size="xs" variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          <Trans>Test now</Trans>
        </Button>
      </div>
      <div role="status">{test.data && !test.isPending && <Result tested={test.data} />}</div>
      <Problem problem={test.isPending ? null : test.error} />
    </section>
  );
}

function Result({ tested }: { tested: Tested }) {
  const { t, i18n } = useLingui();
  const { said, todo, good } = WORDS[tested.verdict];
  const { status, reason, milliseconds, address, transport, server, seen_as } = tested;
  const shown: [string, string | null | undefined][] = [
    [t`Its answer`, status == null ? null : `${status} ${reason ?? ""}`.trim()],
    [t`Round trip`, milliseconds == null ? null : t`${milliseconds} ms`],
    [t`Asked at`, address == null ? null : `${transport} ${address}`],
    [t`It calls itself`, server],
    [t`It sees the server as`, seen_as],
    [t`Methods`, tested.allow.join(", ")],
    [t`Codecs`, tested.codecs.join(", ")],
  ];
  return (
    <div className={styles.stack}>
      <p style={{ margin: 0 }}>
        <span className={styles.tag} data-kind={good ? "good" : "busy"}>
          {i18n._(said)}
        </span>{" "}
        {i18n._(todo)}
      </p>
      <dl className={styles.pair}>
        {shown.map(
          ([what, value]) =>
            value && (
              <Fragment key={what}>
                <dt>{what}</dt>
                <dd>
                  <bdi>{value}</bdi>
                </dd>
              </Fragment>
            ),
        )}
      </dl>
    </div>
  );
}
