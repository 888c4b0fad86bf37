/** How an agent stands: her phone, her state, her call link, and her invitation. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api, once, OWN, type Schemas } from "~/api/client";
import { Refused } from "~/api/problem";
import { may } from "~/api/session";
import { CallLinkAddress } from "~/components/CallLink/CallLinkAddress";
import { say, sayProblem } from "~/components/Notice/notice";
import { StateChip } from "~/components/StateChip/StateChip";
import { moment } from "~/i18n/time";
import { useAgent } from "~/live/live";
import { useMe } from "~/api/me";
import styles from "../Admin.module.css";

interface Props {
  extension: string;
  email: string | null;
  /** The last part of her call link's address. */
  link: string | null;
}

export function AgentBeside({ extension, email, link }: Props) {
  const { t } = useLingui();
  const me = useMe();
  const agent = useAgent(extension);
  return (
    <section className="card" aria-label={t`How she stands`}>
      <dl className={styles.pair}>
        <dt>{t`State`}</dt>
        <dd>{agent ? <StateChip state={agent.state} reason={agent.reason} since={agent.state_since} /> : "–"}</dd>
        <dt>{t`Phone`}</dt>
        <dd>
          <span className={styles.tag} data-kind={agent?.registered ? "good" : "busy"}>
            {agent?.registered ? t`registered` : t`not registered`}
          </span>
        </dd>
        {link && (
          <>
            <dt>{t`Call link`}</dt>
            <dd>
              <CallLinkAddress domain={me.domain} link={link} />
            </dd>
          </>
        )}
        {may(me, "access") && email && <Invitation extension={extension} />}
      </dl>
    </section>
  );
}

function Invitation({ extension }: { extension: string }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const path = { domain: OWN, extension };
  const key = ["invitation", extension];
  const asked = useQuery({
    queryKey: key,
    queryFn: async () => {
      try {
        return await answer(api.GET("/v1/domains/{domain}/agents/{extension}/invitation", { params: { path } }));
      } catch (problem) {
        if (problem instanceof Refused && problem.status === 404) return null;
        throw problem;
      }
    },
  });
  const done = (said: string) => {
    say(said);
    void client.invalidateQueries({ queryKey: key });
  };
  const invite = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/domains/{domain}/agents/{extension}/invitation", {
          params: { path, header: once() },
        }),
      ),
    onSuccess: () => done(t`The invitation is on its way.`),
    onError: sayProblem,
  });
  const withdraw = useMutation({
    mutationFn: () => answer(api.DELETE("/v1/domains/{domain}/agents/{extension}/invitation", { params: { path } })),
    onSuccess: () => done(t`The invitation is taken back.`),
    onError: sayProblem,
  });
  const invitation = asked.data;
  return (
    <>
      <dt>{t`Invitation`}</dt>
      <dd>
        <div className={styles.row} style={{ alignItems: "center" }}>
          {invitation ? <Standing invitation={invitation} /> : <span className={styles.none}>{t`None`}</span>}
          {invitation?.status !== "confirmed" && (
            <Button size="compact-xs" variant="default" loading={invite.isPending} onClick={() => invite.mutate()}>
              {invitation ? <Trans>Send again</Trans> : <Trans>Invite by email</Trans>}
            </Button>
          )}
          {invitation && invitation.status !== "confirmed" && (
            <Button size="compact-xs" variant="default" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
              <Trans>Take it back</Trans>
            </Button>
          )}
        </div>
      </dd>
    </>
  );
}

function Standing({ invitation }: { invitation: Schemas["InvitationItem"] }) {
  const { t } = useLingui();
  const { email, mail_problem: trouble } = invitation;
  const until = moment(invitation.expires_at, Date.now());
  const words = {
    open: t`open until ${until}, to ${email}`,
    expired: t`ended ${until}, to ${email}`,
    confirmed: t`confirmed`,
  };
  const mail = { waiting: t`the mail waits to be sent`, sent: t`the mail was sent`, failed: t`the mail failed` };
  return (
    <span>
      <bdi>{words[invitation.status]}</bdi> · {mail[invitation.mail]}
      {trouble && (
        <>
          {": "}
          <bdi>{trouble}</bdi>
        </>
      )}
    </span>
  );
}
