/** What the domain is. */
import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { answer, api, OWN } from "~/api/client";
import { Problem } from "~/components/Notice/Problem";
import { Page } from "~/components/Page/Page";

export const page = createLazyRoute("/inside/admin")({ component: Admin });

function Admin() {
  const { t } = useLingui();
  const domain = useQuery({
    queryKey: ["domain"],
    queryFn: () => answer(api.GET("/v1/domains/{domain}", { params: { path: { domain: OWN } } })),
  });
  return (
    <Page title={t`Administration`}>
      <section className="card">
        <Problem problem={domain.error} again={() => void domain.refetch()} />
        {domain.data && (
          <p>
            {domain.data.name} · {domain.data.timezone}
          </p>
        )}
      </section>
    </Page>
  );
}
