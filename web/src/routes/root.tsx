/** The root of all pages, and what is shown where there is none or one has failed. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Anchor, Button } from "@mantine/core";
import { createRootRoute, Link, type ErrorComponentProps, Outlet, useRouter } from "@tanstack/react-router";
import { Entrance } from "~/components/Entrance/Entrance";
import { Problem } from "~/components/Notice/Problem";

export const rootRoute = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: Failed,
});

function NotFound() {
  const { t } = useLingui();
  return (
    <Entrance title={t`There is no such page`}>
      <p>
        <Trans>The address may be mistyped, or the page has moved.</Trans>
      </p>
      <Anchor component={Link} to="/">
        <Trans>Go to the beginning</Trans>
      </Anchor>
    </Entrance>
  );
}

function Failed({ error, reset }: ErrorComponentProps) {
  const { t } = useLingui();
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Entrance title={t`This page cannot be shown`}>
      <Problem problem={error} />
      <Button onClick={again}>
        <Trans>Try again</Trans>
      </Button>
    </Entrance>
  );
}
