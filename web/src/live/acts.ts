/** What is asked of the server about agents and their calls. What came of it is live; what went wrong is said. */
import { answer, api, once, OWN, type Schemas } from "~/api/client";
import { sayProblem } from "~/components/Notice/notice";

export type Verb = "login" | "logout" | "ready" | "not-ready" | "single-call" | "wrap-up";

export interface Wish {
  queue?: string | undefined;
  reason?: string | undefined;
}

type Result = Schemas["ActionResult"];

/** Asks for a state, in one queue or in all. Some of them may refuse it: `refusals` says which. */
export async function setState(extension: string, verb: Verb, { queue, reason }: Wish = {}): Promise<Result> {
  const params = { path: { domain: OWN, extension }, header: once() };
  const wish = { params, body: { queue: queue ?? "all", ...(reason ? { reason } : {}) } };
  const ways = {
    login: () => api.POST("/v1/domains/{domain}/agents/{extension}/login", wish),
    logout: () => api.POST("/v1/domains/{domain}/agents/{extension}/logout", wish),
    ready: () => api.POST("/v1/domains/{domain}/agents/{extension}/ready", wish),
    "not-ready": () => api.POST("/v1/domains/{domain}/agents/{extension}/not-ready", wish),
    "single-call": () => api.POST("/v1/domains/{domain}/agents/{extension}/single-call", wish),
    "wrap-up": () => api.POST("/v1/domains/{domain}/agents/{extension}/wrap-up", wish),
  };
  return answer<Result>(ways[verb]());
}

/** What single queues refused, each with its number. */
export const refusals = (result: Result): string[] =>
  result.items.flatMap((item) => ("error" in item ? [`${item.queue}: ${item.error.title}`] : []));

/** Changes one's own state. False if nothing came of it; what was in the way has been said then. */
export async function act(extension: string, verb: Verb, wish?: Wish): Promise<boolean> {
  try {
    const result = await setState(extension, verb, wish);
    const refused = refusals(result);
    if (refused.length > 0) sayProblem(new Error(refused.join("; ")));
    return refused.length === 0 || refused.length < result.items.length;
  } catch (problem) {
    sayProblem(problem);
    return false;
  }
}

/** More time for the work after her call. */
export const moreTime = (extension: string, seconds: number): Promise<boolean> =>
  done(() =>
    api.POST("/v1/domains/{domain}/agents/{extension}/wrap-up/more", {
      params: { path: { domain: OWN, extension }, header: once() },
      body: { seconds },
    }),
  );

type Asked = Promise<{ data?: unknown; error?: unknown; response: Response }>;

/** Asks; what went wrong is said. True if it was done. */
async function done(asked: () => Asked): Promise<boolean> {
  try {
    await answer(asked());
    return true;
  } catch (problem) {
    sayProblem(problem);
    return false;
  }
}

const of = (call: string) => ({ path: { domain: OWN, call }, header: once() });

/** Asks her phone to lift by itself; one that cannot goes on ringing. */
export const lift = (call: string): Promise<boolean> =>
  done(() => api.POST("/v1/domains/{domain}/calls/{call}/answer", { params: of(call) }));

export const hold = (call: string): Promise<boolean> =>
  done(() => api.POST("/v1/domains/{domain}/calls/{call}/hold", { params: of(call) }));

export const unhold = (call: string): Promise<boolean> =>
  done(() => api.POST("/v1/domains/{domain}/calls/{call}/unhold", { params: of(call) }));

export const hangUp = (call: string): Promise<boolean> =>
  done(() => api.DELETE("/v1/domains/{domain}/calls/{call}", { params: { path: { domain: OWN, call } } }));

export const press = (call: string, digits: string): Promise<boolean> =>
  done(() => api.POST("/v1/domains/{domain}/calls/{call}/digits", { params: of(call), body: { digits } }));

/** Without asking first; the call leaves her. */
export const transfer = (call: string, to: string): Promise<boolean> =>
  done(() => api.POST("/v1/domains/{domain}/calls/{call}/transfer", { params: of(call), body: { to } }));

/** Her own phone rings first, then the other one. */
export const dial = (extension: string, to: string): Promise<boolean> =>
  done(() =>
    api.POST("/v1/domains/{domain}/agents/{extension}/calls", {
      params: { path: { domain: OWN, extension }, header: once() },
      body: { to },
    }),
  );

/** Takes a call that waits, before anybody else does. */
export const pickUp = (queue: string, call: string): Promise<boolean> =>
  done(() =>
    api.POST("/v1/domains/{domain}/queues/{number}/waiting/{call}/pickup", {
      params: { path: { domain: OWN, number: queue, call }, header: once() },
    }),
  );
