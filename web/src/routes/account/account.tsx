/** What is one's own: how one is reached and told of calls, a second factor, and where one is logged in. */
import { Trans, useLingui } from "@lingui/react/macro";
import { createLazyRoute } from "@tanstack/react-router";
import { useMe } from "~/api/me";
import { may } from "~/api/session";
import { Page } from "~/components/Page/Page";
import { CallLink } from "./CallLink";
import { Greeting } from "./Greeting";
import { Notices } from "./Notices";
import { Reach } from "./Reach";
import { SecondFactor } from "./SecondFactor";
import { Sessions } from "./Sessions";

export const page = createLazyRoute("/inside/account")({ component: Account });

function Account() {
  const { t } = useLingui();
  const me = useMe();
  const { extension } = me;
  return (
    <Page title={t`Your account`}>
      <p>
        <bdi>{me.name}</bdi>
        {extension && ` · ${t`extension ${extension}`}`} · {me.domain}
      </p>
      {extension && may(me, "own") && !me.second_factor_due && (
        <>
          <Reach />
          <CallLink />
          <Notices />
          <Greeting extension={extension} />
        </>
      )}
      {me.second_factor_due && (
        <section className="card" role="status">
          <h2>
            <Trans>Your role wants a second factor</Trans>
          </h2>
          <p>
            <Trans>Set it up here. Then everything is open to you; until then nothing is.</Trans>
          </p>
        </section>
      )}
      <SecondFactor due={me.second_factor_due} />
      <Sessions />
    </Page>
  );
}
