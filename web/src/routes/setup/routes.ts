/** The way to the set-up of an empty server. */
import { createRoute } from "@tanstack/react-router";
import { takeSecret } from "../secret";
import { rootRoute } from "../root";

let secret = "";

/** The token of the set-up link. */
export const setupSecret = (): string => secret;

export const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/setup",
  beforeLoad: () => {
    secret ||= takeSecret();
  },
}).lazy(() => import("./setup").then(({ page }) => page));
