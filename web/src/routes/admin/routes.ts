/** The ways of administration. */
import { createRoute } from "@tanstack/react-router";
import { words } from "~/i18n/i18n";
import { insideRoute } from "../inside";

export const adminRoutes = createRoute({
  getParentRoute: () => insideRoute,
  path: "/admin",
  beforeLoad: () => words("admin"),
}).lazy(() => import("./admin").then(({ page }) => page));
