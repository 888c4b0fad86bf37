/** The ways to calls: the list, and each of them. */
import { createRoute } from "@tanstack/react-router";
import { words } from "~/i18n/i18n";
import { insideRoute } from "../inside";
import { readWish } from "./wish";

const loadWords = () => Promise.all([words("calls"), words("wallboard")]).then(() => {});

const listRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/calls",
  validateSearch: readWish,
  beforeLoad: loadWords,
}).lazy(() => import("./list").then(({ page }) => page));

const callRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/calls/$call",
  beforeLoad: loadWords,
}).lazy(() => import("./call").then(({ page }) => page));

export const callsRoutes = [listRoute, callRoute] as const;
