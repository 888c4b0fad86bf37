/** The way of whoever has an agent's call link: no login is asked for. */
import { createRoute } from "@tanstack/react-router";
import { words } from "~/i18n/i18n";
import { rootRoute } from "../root";

export const guestRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/call/$domain/$link",
  beforeLoad: () => words("guest"),
}).lazy(() => import("./guest").then(({ page }) => page));
