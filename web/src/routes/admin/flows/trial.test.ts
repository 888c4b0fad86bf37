/** What the server's refusal tells of a caller by script. */
import { expect, test } from "vitest";
import { refused } from "~/api/problem";
import { met, UNMET } from "./trial";

const said = (texts: [number | null, string][]) =>
  refused(422, {
    type: "/problems/invalid_change",
    title: "x",
    status: 422,
    detail: "x",
    request_id: "0",
    faults: texts.map(([edit, text]) => ({ edit, pointer: "", text })),
  });

test("what came instead is what the caller met", () => {
  const problem = said([
    [0, `test \`-\` fails: \`${UNMET}\` did not happen; at the end: 4.0s   to queue 8000`],
    [null, "a flow does not pass its own tests"],
  ]);
  expect(met(problem)).toEqual({ happened: ["4.0s · to queue 8000"], wrong: [] });
});

test("what is wrong with the flow is said, not played", () => {
  expect(met(said([[0, "`next` of step `a`: there is no step `zz`"]]))).toEqual({
    happened: null,
    wrong: ["`next` of step `a`: there is no step `zz`"],
  });
});

test("another problem tells nothing of a caller", () => {
  expect(met(new Error("x"))).toEqual({ happened: null, wrong: [] });
});
