/** The address names a list that this server does not have. */
import { useLingui } from "@lingui/react/macro";
import { Empty, Page } from "~/components/Page/Page";

export function NoSection() {
  const { t } = useLingui();
  return (
    <Page title={t`There is no such list`}>
      <section className="card">
        <Empty title={t`Nothing is here`}>{t`Choose a list in the menu.`}</Empty>
      </section>
    </Page>
  );
}
