/** The whole address of an agent's call link, to be copied. */
import { useLingui } from "@lingui/react/macro";
import { Button, CopyButton } from "@mantine/core";
import styles from "./CallLinkAddress.module.css";

/** As a guest opens it: on this server. */
export const callLinkAddress = (domain: string, link: string): string =>
  `${location.origin}/call/${encodeURIComponent(domain)}/${encodeURIComponent(link)}`;

export function CallLinkAddress({ domain, link }: { domain: string; link: string }) {
  const { t } = useLingui();
  const address = callLinkAddress(domain, link);
  return (
    <div className={styles.address}>
      <code className={styles.text}>{address}</code>
      <CopyButton value={address}>
        {({ copied, copy }) => (
          <Button size="xs" variant="default" onClick={copy}>
            {copied ? t`Address copied` : t`Copy the address`}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
