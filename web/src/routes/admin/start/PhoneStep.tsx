/** What a phone needs to register, and whether it has. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Problem } from "~/components/Notice/Problem";
import { entryPath, provision } from "../model/call";
import { Secret } from "../parts/Outcome";
import { phoneSecret } from "./begin";
import { Check } from "./Step";
import styles from "../Admin.module.css";

interface Props {
  extension: string;
  domain: string;
  /** Known if it was made just now: nobody can see it later. */
  secret: string | undefined;
  onSecret(secret: string): void;
}

export function PhoneStep({ extension, domain, secret, onSecret }: Props) {
  const { t } = useLingui();
  const renew = useMutation({
    mutationFn: async () => {
      const next = phoneSecret();
      await provision({ method: "PATCH", path: entryPath("agents", [extension]), body: { sip_password: next } });
      return next;
    },
    onSuccess: onSecret,
  });
  return (
    <>
      <p style={{ margin: 0 }}>
        <Trans>
          Enter this in any SIP phone, desk phone or app. Or log in as this agent in another browser: her desk is a phone too.
        </Trans>
      </p>
      <dl className={styles.pair}>
        <dt>{t`Server`}</dt>
        <dd>
          <code>{location.hostname}</code> <span className={styles.hint}>{t`port 5060, unless sip.udp says otherwise`}</span>
        </dd>
        <dt>{t`Domain`}</dt>
        <dd>
          <code>{domain}</code>
        </dd>
        <dt>{t`User name`}</dt>
        <dd>
          <code>{extension}</code>
        </dd>
      </dl>
      {secret ? (
        <Secret name={t`Phone password`} secret={secret} />
      ) : (
        <div className={styles.tools}>
          <span className={styles.hint}>
            <Trans>The phone password was shown once. A new one can be made; phones with the old one drop out.</Trans>
          </span>
          <Button size="xs" variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
            <Trans>Make a new phone password</Trans>
          </Button>
        </div>
      )}
      <Problem problem={renew.error} />
      <Check good={false}>
        <Trans>Waiting for extension {extension} to register …</Trans>
      </Check>
    </>
  );
}
