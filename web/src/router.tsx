/** All ways of the app. Each noun has its own file of routes; what it shows is loaded when it is opened. */
import { createRouter } from "@tanstack/react-router";
import { queries } from "./api/queries";
import { session } from "./api/session";
import { accountRoutes } from "./routes/account/routes";
import { adminRoutes } from "./routes/admin/routes";
import { callsRoutes } from "./routes/calls/routes";
import { deskRoutes } from "./routes/desk/routes";
import { guestRoute } from "./routes/guest/routes";
import { indexRoute, insideRoute } from "./routes/inside";
import { invitationRoute } from "./routes/invitation/routes";
import { loginRoute } from "./routes/login/routes";
import { reportsRoutes } from "./routes/reports/routes";
import { rootRoute } from "./routes/root";
import { setupRoute } from "./routes/setup/routes";
import { boardRoute, wallboardRoutes } from "./routes/wallboard/routes";

const tree = rootRoute.addChildren([
  indexRoute,
  loginRoute,
  setupRoute,
  invitationRoute,
  guestRoute,
  boardRoute,
  insideRoute.addChildren([
    deskRoutes,
    wallboardRoutes,
    ...callsRoutes,
    reportsRoutes,
    adminRoutes,
    accountRoutes,
  ]),
]);

export const router = createRouter({ routeTree: tree, defaultPreload: "intent", scrollRestoration: true });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

// Whoever comes or goes is shown the page that is hers now, and nothing of anybody before her.
session.subscribe(() => {
  if (!session.token) queries.clear();
  void router.invalidate();
});
