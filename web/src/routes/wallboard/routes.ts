/** The ways to what supervisors look at. */
import { createRoute } from "@tanstack/react-router";
import { words } from "~/i18n/i18n";
import { insideRoute } from "../inside";

export const wallboardRoutes = createRoute({
  getParentRoute: () => insideRoute,
  path: "/wallboard",
  beforeLoad: () => words("wallboard"),
}).lazy(() => import("./wallboard").then(({ page }) => page));
