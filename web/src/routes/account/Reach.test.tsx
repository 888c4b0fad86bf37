/** How she is reached: what is asked of the server, and what is not. */
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { refusal, serve, show } from "~/testing";
import { Reach } from "./Reach";

afterEach(() => vi.unstubAllGlobals());

const at = { dnd: false, forward_when: "never", personal_phone: null };
const save = () => screen.getByRole<HTMLButtonElement>("button", { name: "Save" });

test("a number and when calls go to it are saved together, as the number is dialed", async () => {
  const asked = serve(({ method, body }) => (method === "PATCH" ? { ...at, ...(body as object) } : at));
  show(<Reach />);
  const phone = await screen.findByLabelText("Personal phone");
  expect([save().disabled, screen.getByRole<HTMLInputElement>("radio", { name: "Always" }).disabled]).toEqual([true, true]);
  await userEvent.type(phone, "+49 (170) 123-4567");
  await userEvent.click(screen.getByRole("radio", { name: "While no phone of yours is connected" }));
  await userEvent.click(save());
  await waitFor(() => expect(save().disabled).toBe(true));
  expect(asked.at(-1)).toMatchObject({
    path: "/v1/domains/~/agents/~/reach",
    body: { forward_when: "offline", personal_phone: "+491701234567" },
  });
  expect(asked.at(-1)?.body).not.toHaveProperty("dnd");
});

test("without a number nothing is forwarded, and what is no number is not sent", async () => {
  const asked = serve(({ method, body }) =>
    method === "PATCH" ? { ...at, ...(body as object) } : { ...at, personal_phone: "+491701234567", forward_when: "always" },
  );
  show(<Reach />);
  const phone = await screen.findByLabelText("Personal phone");
  await userEvent.clear(phone);
  await userEvent.type(phone, "my mobile");
  expect(save().disabled).toBe(true);
  await userEvent.clear(phone);
  await userEvent.click(save());
  await waitFor(() => expect(asked.at(-1)?.body).toEqual({ forward_when: "never", personal_phone: "" }));
});

test("a number that no trunk takes is said to be none, and what was typed stays", async () => {
  serve(({ method }) => (method === "PATCH" ? refusal(422, "unusable_personal_phone", "Calls cannot be forwarded to this number") : at));
  show(<Reach />);
  await userEvent.type(await screen.findByLabelText("Personal phone"), "+999");
  await userEvent.click(save());
  expect(await screen.findByRole("alert")).toBeTruthy();
  expect(screen.getByDisplayValue("+999")).toBeTruthy();
});

test("what was changed elsewhere is shown, what she types stays, and she is told of both", async () => {
  let now: object = at;
  const asked = serve(({ method, body }) => (method === "PATCH" ? (now = { ...now, ...(body as object) }) : now));
  const { queries } = show(<Reach />);
  const phone = await screen.findByLabelText<HTMLInputElement>("Personal phone");
  await userEvent.type(phone, "+49 170");
  now = { dnd: true, forward_when: "never", personal_phone: "+4930123456" };
  await queries.invalidateQueries({ queryKey: ["reach"] });
  await waitFor(() => expect(screen.getByRole<HTMLInputElement>("switch").checked).toBe(true));
  expect(phone.value).toBe("+49 170");
  expect(screen.getByText(/changed elsewhere to \+4930123456/)).toBeTruthy();
  await userEvent.click(save());
  await waitFor(() => expect(phone.value).toBe("+49170"));
  expect(asked.find(({ method }) => method === "PATCH")?.body).toEqual({ personal_phone: "+49170" });
});

test("opened again it shows what is, not what was", async () => {
  let now: object = at;
  serve(() => now);
  const first = show(<Reach />);
  await screen.findByLabelText("Personal phone");
  now = { ...at, dnd: true };
  first.rerender(<></>);
  first.rerender(<Reach />);
  await waitFor(() => expect(screen.getByRole<HTMLInputElement>("switch").checked).toBe(true));
});

test("a refusal because of a change elsewhere is said in the server's words", async () => {
  serve(({ method }) => (method === "PATCH" ? refusal(409, "no_personal_phone", "The agent has no personal phone") : { ...at, personal_phone: "+491701234567" }));
  show(<Reach />);
  await userEvent.click(await screen.findByRole("radio", { name: "Always" }));
  await userEvent.click(save());
  expect((await screen.findByRole("alert")).textContent).toMatch(/something has changed meanwhile|no personal phone/);
  expect(screen.getByRole<HTMLInputElement>("radio", { name: "Always" }).checked).toBe(true);
});
