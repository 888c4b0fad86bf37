/** The ways to what supervisors look at. */
import { createRoute } from "@tanstack/react-router";
import { words } from "~/i18n/i18n";
import { insideRoute } from "../inside";
import { rootRoute } from "../root";
import type { SortBy } from "./order";

interface Search {
  text?: string | undefined;
  queue?: string | undefined;
  group?: string | undefined;
  sort?: SortBy | undefined;
  present?: boolean | undefined;
}

const SORTS: SortBy[] = ["extension", "name", "state", "since"];
const TEXT_MAX = 100;

/** What stands in the address is from outside. */
function validate(search: Record<string, unknown>): Search {
  const text = (key: string): string | undefined => {
    const value = search[key];
    return typeof value === "string" || typeof value === "number" ? String(value).slice(0, TEXT_MAX) : undefined;
  };
  const sort = SORTS.find((one) => one === search.sort);
  return { text: text("text"), queue: text("queue"), group: text("group"), sort, present: search.present === true || undefined };
}

const loadWords = () => Promise.all([words("wallboard"), words("calls")]).then(() => {});

export const wallboardRoutes = createRoute({
  getParentRoute: () => insideRoute,
  path: "/wallboard",
  validateSearch: validate,
  beforeLoad: loadWords,
}).lazy(() => import("./wallboard").then(({ page }) => page));

/** A big screen: no log-in, but a key after the `#`. */
export const boardRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/board",
  beforeLoad: loadWords,
}).lazy(() => import("./board").then(({ page }) => page));
