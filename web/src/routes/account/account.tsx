/** One's own login: a second factor, and where one is logged in. */
import { useLingui } from "@lingui/react/macro";
import { createLazyRoute } from "@tanstack/react-router";
import { Page } from "~/components/Page/Page";
import { SecondFactor } from "./SecondFactor";
import { Sessions } from "./Sessions";

export const page = createLazyRoute("/inside/account")({ component: Account });

function Account() {
  const { t } = useLingui();
  return (
    <Page title={t`Your account`}>
      <SecondFactor />
      <Sessions />
    </Page>
  );
}
