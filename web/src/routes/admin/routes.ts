/** The ways of administration: its own pages, and one list and one form for all lists of the provisioning. */
import { createRoute } from "@tanstack/react-router";
import { words } from "~/i18n/i18n";
import { insideRoute } from "../inside";

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

const frame = createRoute({
  getParentRoute: () => insideRoute,
  path: "/admin",
  beforeLoad: () => words("admin"),
}).lazy(() => import("./frame").then(({ page }) => page));

const overview = createRoute({ getParentRoute: () => frame, path: "/" }).lazy(() =>
  import("./overview").then(({ page }) => page),
);
const start = createRoute({ getParentRoute: () => frame, path: "/start" }).lazy(() =>
  import("./start/start").then(({ page }) => page),
);
const history = createRoute({
  getParentRoute: () => frame,
  path: "/history",
  validateSearch: (search: Record<string, unknown>): { q?: string } => {
    // A number in an address is read as one.
    const q = text(typeof search.q === "number" ? String(search.q) : search.q);
    return q ? { q } : {};
  },
}).lazy(() => import("./history/history").then(({ page }) => page));
const settings = createRoute({ getParentRoute: () => frame, path: "/settings" }).lazy(() =>
  import("./settings").then(({ page }) => page),
);
const limits = createRoute({ getParentRoute: () => frame, path: "/limits" }).lazy(() =>
  import("./limits").then(({ page }) => page),
);
const keys = createRoute({ getParentRoute: () => frame, path: "/keys" }).lazy(() =>
  import("./keys/keys").then(({ page }) => page),
);
const prompts = createRoute({ getParentRoute: () => frame, path: "/prompts", beforeLoad: () => words("sound") }).lazy(() =>
  import("./prompts/prompts").then(({ page }) => page),
);

const list = createRoute({
  getParentRoute: () => frame,
  path: "/$section",
  validateSearch: (search: Record<string, unknown>): { q?: string; sort?: string } => {
    const [q, sort] = [text(typeof search.q === "number" ? String(search.q) : search.q), text(search.sort)];
    return { ...(q ? { q } : {}), ...(sort ? { sort } : {}) };
  },
}).lazy(() => import("./list/list").then(({ page }) => page));

const fresh = createRoute({ getParentRoute: () => frame, path: "/$section/new" }).lazy(() =>
  import("./entry/fresh").then(({ page }) => page),
);
const one = createRoute({ getParentRoute: () => frame, path: "/$section/edit/$key" }).lazy(() =>
  import("./entry/one").then(({ page }) => page),
);
const ofTwo = createRoute({ getParentRoute: () => frame, path: "/$section/edit/$key/$second" }).lazy(() =>
  import("./entry/two").then(({ page }) => page),
);
const graph = createRoute({ getParentRoute: () => frame, path: "/flows/graph/$number" }).lazy(() =>
  import("./flows/flows").then(({ page }) => page),
);

export const adminRoutes = frame.addChildren([
  overview,
  start,
  history,
  settings,
  limits,
  keys,
  prompts,
  graph,
  list,
  fresh,
  one,
  ofTwo,
]);
