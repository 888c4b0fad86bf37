/** The way to an agent's desk. */
import { createRoute } from "@tanstack/react-router";
import { insideRoute } from "../inside";

export const deskRoutes = createRoute({
  getParentRoute: () => insideRoute,
  path: "/desk",
}).lazy(() => import("./desk").then(({ page }) => page));
