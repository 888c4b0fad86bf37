/** The way that an invitation's mail leads to. */
import { createRoute } from "@tanstack/react-router";
import { takeSecret } from "../secret";
import { rootRoute } from "../root";

let secret = "";

/** The token of the invitation. */
export const invitationSecret = (): string => secret;

export const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/invitation",
  beforeLoad: () => {
    secret ||= takeSecret();
  },
}).lazy(() => import("./invitation").then(({ page }) => page));
