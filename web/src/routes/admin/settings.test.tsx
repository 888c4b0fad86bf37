/** The form of the domain's settings: nothing that was typed is lost. */
import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { refusal, serve, show } from "~/testing";
import { Settings } from "./settings";

afterEach(() => vi.unstubAllGlobals());

const tagged = (entry: unknown, tag: string) =>
  new Response(JSON.stringify(entry), { headers: { "Content-Type": "application/json", ETag: tag } });

/** A text field of the settings, whichever there is. */
const field = async () => screen.findByDisplayValue("en", {}, { timeout: 5_000 });

test("another answer meanwhile takes away nothing that was typed", async () => {
  let version = 1;
  serve(() => tagged({ name: "acme.test", language: "en", timezone: "UTC", version }, `"${version}"`));
  const { queries } = show(<Settings />);
  const input = await field();
  await userEvent.clear(input);
  await userEvent.type(input, "fr");
  version = 2;
  await act(() => queries.invalidateQueries({ queryKey: ["provisioning"] }));
  expect(screen.getByDisplayValue("fr")).toBeTruthy();
});

test("where somebody else was faster and cannot be asked what changed, it is said, and what was typed stays", async () => {
  const asked = serve(({ method }) => {
    if (method === "PATCH") return refusal(412, "entry_changed", "It has changed");
    if (asked.some((one) => one.method === "PATCH")) return refusal(503, "stopping", "The server stops");
    return tagged({ name: "acme.test", language: "en", timezone: "UTC" }, '"1"');
  });
  show(<Settings />);
  const input = await field();
  await userEvent.clear(input);
  await userEvent.type(input, "fr");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByRole("alert")).toBeTruthy();
  expect(screen.getByDisplayValue("fr")).toBeTruthy();
  expect(asked.find(({ method }) => method === "PATCH")?.body).toEqual({ language: "fr" });
});
