/** Where prompts are played, as the server says it. */
import { expect, test } from "vitest";
import { placeOf } from "./places";

test("an entry is known by its kind and key, a step by its name", () => {
  expect(placeOf("queue 8000 moh")).toEqual({ kind: "queue", key: "8000", step: null, field: "moh" });
  expect(placeOf("flow 7010 step menu prompts")).toEqual({ kind: "flow", key: "7010", step: "menu", field: "prompts" });
  expect(placeOf("playlist quiet evenings prompts")).toEqual({ kind: "playlist", key: "quiet evenings", step: null, field: "prompts" });
  expect(placeOf("something")).toBeNull();
});
