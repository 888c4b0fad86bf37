/** An agent's desk. */
import { useLingui } from "@lingui/react/macro";
import { createLazyRoute } from "@tanstack/react-router";
import { Page } from "~/components/Page/Page";

export const page = createLazyRoute("/inside/desk")({ component: Desk });

function Desk() {
  const { t } = useLingui();
  return (
    <Page title={t`Desk`}>
      <div className="card" />
    </Page>
  );
}
