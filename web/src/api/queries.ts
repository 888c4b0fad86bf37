/** How answers of the API are kept: nothing is asked twice at once, and a refusal is not asked again. */
import { QueryClient } from "@tanstack/react-query";
import { Refused } from "./problem";

const TRIES_MAX = 3;
const FRESH_TIME = 10_000;

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_TIME,
      // Only what may be better in a moment is tried again: no answer, or a server that is busy.
      retry: (count, problem) =>
        count < TRIES_MAX && problem instanceof Refused && (problem.status === 0 || problem.status === 503),
    },
  },
});
