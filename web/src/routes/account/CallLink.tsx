/** Her call link: what guests open to talk to her from a browser, and whether it leads to her now. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { answer, api, OWN, type Schemas } from "~/api/client";
import { useMe } from "~/api/me";
import { CallLinkAddress } from "~/components/CallLink/CallLinkAddress";
import { say } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import type { LiveEvent } from "~/live/fold";
import { useLiveEvents } from "~/live/live";
import { REACH, reached } from "./reached";
import styles from "./account.module.css";

const params = { path: { domain: OWN, extension: OWN } };

export function CallLink() {
  // What cannot be loaded is said above, where the rest of it stands.
  const { data } = useQuery({ queryKey: REACH, queryFn: reached, staleTime: 0 });
  const { extension } = useMe();
  const client = useQueryClient();
  // Shut or opened in another tab, or by a supervisor.
  const renew = useCallback(
    (event: LiveEvent) => {
      if (event.type === "call_link_changed" && event["agent"] === extension) {
        void client.invalidateQueries({ queryKey: REACH });
      }
    },
    [client, extension],
  );
  useLiveEvents(renew);
  if (!data) return null;
  return (
    <section className="card" aria-labelledby="call-link">
      <h2 id="call-link" className={styles.title}>
        <Trans>Your call link</Trans>
      </h2>
      <div className={styles.steps}>
        <p>
          <Trans>Whoever opens it talks to you from a browser, without a phone and without a login. It rings as if your extension were dialed.</Trans>
        </p>
        {data.call_link ? (
          <Link link={data.call_link} shut={data.call_link_private} />
        ) : (
          <p>
            <Trans>You have none. An administrator can give you one.</Trans>
          </p>
        )}
      </div>
    </section>
  );
}

function Link({ link, shut }: { link: string; shut: boolean }) {
  const { t } = useLingui();
  const { domain } = useMe();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (wish: Schemas["ReachBody"]) =>
      answer(api.PATCH("/v1/domains/{domain}/agents/{extension}/reach", { params, body: wish })),
    onSuccess: (now) => {
      client.setQueryData(REACH, now);
      say(t`Saved.`);
    },
    // It may be refused for what is different there by now.
    onError: () => client.invalidateQueries({ queryKey: REACH }),
  });
  return (
    <>
      <CallLinkAddress domain={domain} link={link} />
      <Switch
        label={t`Guests may call me by this link`}
        description={t`Switched off it leads to nobody. Calls that came by it go on.`}
        checked={change.isPending ? !change.variables.call_link_private : !shut}
        // Not disabled meanwhile: the keyboard would fall off it.
        onChange={({ currentTarget }) => {
          if (!change.isPending) change.mutate({ call_link_private: !currentTarget.checked });
        }}
      />
      <Problem problem={change.error} />
    </>
  );
}
