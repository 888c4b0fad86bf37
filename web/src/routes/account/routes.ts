/** The way to what concerns one's own login. */
import { createRoute } from "@tanstack/react-router";
import { words } from "~/i18n/i18n";
import { insideRoute } from "../inside";

export const accountRoutes = createRoute({
  getParentRoute: () => insideRoute,
  path: "/account",
  beforeLoad: () => Promise.all([words("account"), words("sound")]),
}).lazy(() => import("./account").then(({ page }) => page));
