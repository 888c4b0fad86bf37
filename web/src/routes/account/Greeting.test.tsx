/** Her greeting: said as it is, made from text, taken away; a server without a voice says so, and the text stays. */
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { refusal, serve, show } from "~/testing";
import { Greeting } from "./Greeting";

afterEach(() => vi.unstubAllGlobals());

const box = (greeting: boolean) => ({ number: "1001", name: "Ann", new: 0, old: 0, greeting, locked_until: null });
const PATH = "/v1/domains/~/mailboxes/1001/greeting";

test("a text becomes the greeting, and the standard one comes back when it is removed", async () => {
  let own = false;
  const asked = serve(({ method }) => {
    if (method === "GET") return { items: [box(own), { ...box(true), number: "11001" }], next: null };
    own = method === "PUT";
    return new Response(null, { status: 204 });
  });
  show(<Greeting extension="1001" />);
  await screen.findByText("Whoever reaches your mailbox hears the standard greeting.");
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Save the greeting" }).disabled).toBe(true);
  await userEvent.click(screen.getByRole("radio", { name: "Text" }));
  await userEvent.type(screen.getByRole("textbox", { name: "Text" }), "Please leave a message.");
  await userEvent.click(screen.getByRole("button", { name: "Save the greeting" }));
  await screen.findByText("Whoever reaches your mailbox hears your own greeting.");
  expect(asked.find(({ method }) => method === "PUT")).toMatchObject({ path: PATH, body: { text: "Please leave a message." } });
  await userEvent.click(screen.getByRole("button", { name: "Remove it" }));
  await screen.findByText("Whoever reaches your mailbox hears the standard greeting.");
  expect(asked.some(({ method, path }) => method === "DELETE" && path === PATH)).toBe(true);
});

test("a server that cannot speak says what else there is, and keeps what was typed", async () => {
  serve(({ method }) => (method === "PUT" ? refusal(422, "no_speech", "Texts cannot be spoken") : { items: [box(false)], next: null }));
  show(<Greeting extension="1001" />);
  await userEvent.click(await screen.findByRole("radio", { name: "Text" }));
  await userEvent.type(screen.getByRole("textbox", { name: "Text" }), "Hello");
  await userEvent.click(screen.getByRole("button", { name: "Save the greeting" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Record your greeting");
  expect(screen.getByDisplayValue("Hello")).toBeTruthy();
});

test("nothing is shown where she has no mailbox", async () => {
  const asked = serve(() => ({ items: [], next: null }));
  show(<Greeting extension="1001" />);
  await waitFor(() => expect(asked.length).toBe(1));
  expect(screen.queryByRole("heading")).toBeNull();
});
