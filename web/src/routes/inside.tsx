/** What only somebody who is logged in is shown, and the way in. */
import { createRoute, redirect } from "@tanstack/react-router";
import { useCallback } from "react";
import { answer, api } from "~/api/client";
import { accountOf, MeOf } from "~/api/me";
import { may, type Me, session } from "~/api/session";
import { home } from "~/components/Shell/areas";
import { Bare } from "~/components/Shell/Bare";
import { Shell } from "~/components/Shell/Shell";
import { LiveProvider } from "~/live/live";
import { PhoneProvider } from "~/softphone/phone";
import { rootRoute } from "./root";

/** Who is logged in; asked once. Leads to the log-in where nobody is. */
async function whoIsIt(from: string): Promise<Me> {
  if (session.token && session.who) return session.who;
  if (session.token) {
    const asked = await api.GET("/v1/auth/me");
    if (asked.response.status !== 401) {
      const me = await answer(Promise.resolve(asked));
      session.know(me);
      return me;
    }
  }
  throw redirect({ to: "/login", search: from === "/" || session.left ? {} : { from } });
}

/** Where a second factor is set up. */
const ACCOUNT = "/account";

export const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: async () => {
    throw redirect({ to: home(await whoIsIt("/")), replace: true });
  },
});

export const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "inside",
  beforeLoad: async ({ location }) => {
    const me = await whoIsIt(location.href);
    // Her role wants a second factor: nothing else is open to her before she has one.
    if (me.second_factor_due && location.pathname !== ACCOUNT) throw redirect({ to: ACCOUNT, replace: true });
    return { me };
  },
  component: Inside,
});

function Inside() {
  const { me } = insideRoute.useRouteContext();
  const token = session.token;
  const places = useCallback(
    () => (may(me, "configuration") ? import("./admin/places").then((admin) => admin.places(me)) : Promise.resolve([])),
    [me],
  );
  if (!token) return null;
  if (me.second_factor_due) {
    return (
      <MeOf value={me}>
        <Bare me={me} />
      </MeOf>
    );
  }
  return (
    <MeOf value={me}>
      <LiveProvider key={me.domain} token={token} gapless={!me.supervises}>
        {me.extension ? (
          <PhoneProvider account={accountOf(me)}>
            <Shell me={me} places={places} />
          </PhoneProvider>
        ) : (
          <Shell me={me} places={places} />
        )}
      </LiveProvider>
    </MeOf>
  );
}
