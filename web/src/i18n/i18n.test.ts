import { expect, test, vi } from "vitest";
import { region, speak } from "./i18n";

test.each([
  ["en", ["en-GB", "en"], "en-GB"],
  ["en", ["de-AT", "en-US"], "en-US"],
  ["en", ["de-DE", "de"], "en-GB"],
  ["de", ["de-AT", "en"], "de-AT"],
  ["de", ["en-US"], "de"],
] as const)("dates in %s for who asks for %j are those of %s", async (tongue, asks, wanted) => {
  await speak(tongue);
  vi.spyOn(navigator, "languages", "get").mockReturnValue(asks);
  expect(region()).toBe(wanted);
  vi.restoreAllMocks();
});
