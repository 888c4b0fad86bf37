/** The way to reports. */
import { createRoute } from "@tanstack/react-router";
import { words } from "~/i18n/i18n";
import { insideRoute } from "../inside";
import { readWish } from "./span";

export const reportsRoutes = createRoute({
  getParentRoute: () => insideRoute,
  path: "/reports",
  validateSearch: readWish,
  beforeLoad: () => Promise.all([words("reports"), words("calls")]).then(() => {}),
}).lazy(() => import("./reports").then(({ page }) => page));
