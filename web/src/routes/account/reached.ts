/** How she is reached, as the server has it: read by all parts of the page that show some of it. */
import { answer, api, OWN } from "~/api/client";

/** By which it is kept. */
export const REACH = ["reach"];

export const reached = () =>
  answer(
    api.GET("/v1/domains/{domain}/agents/{extension}/reach", { params: { path: { domain: OWN, extension: OWN } } }),
  );
