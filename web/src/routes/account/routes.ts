/** The way to what concerns one's own login. */
import { createRoute } from "@tanstack/react-router";
import { insideRoute } from "../inside";

export const accountRoutes = createRoute({
  getParentRoute: () => insideRoute,
  path: "/account",
}).lazy(() => import("./account").then(({ page }) => page));
