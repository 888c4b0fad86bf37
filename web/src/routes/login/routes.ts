/** The way to the log-in. */
import { createRoute, redirect } from "@tanstack/react-router";
import { session } from "~/api/session";
import { rootRoute } from "../root";

export const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  validateSearch: (search: Record<string, unknown>): { from?: string } => {
    // Only ways within the app: never to another host.
    const from = search["from"];
    return typeof from === "string" && /^\/(?![/\\])/.test(from) ? { from } : {};
  },
  beforeLoad: ({ search }) => {
    if (session.token && session.who) throw redirect({ href: search.from ?? "/", replace: true });
  },
}).lazy(() => import("./login").then(({ page }) => page));
