/** Her call link: shown, copied, and switched off and on. */
import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { Me } from "~/api/session";
import { refusal, serve, show } from "~/testing";
import { CallLink } from "./CallLink";
import { Reach } from "./Reach";

afterEach(() => vi.unstubAllGlobals());

const at = { dnd: false, forward_when: "never", personal_phone: null, call_link: "ann", call_link_private: false };
const me = { name: "Ann", domain: "acme.test", rights: [] } as unknown as Me;
const toggle = () => screen.findByRole<HTMLInputElement>("switch", { name: /Guests may call me/ });

test("the whole address is shown and copied", async () => {
  serve(() => at);
  const user = userEvent.setup();
  show(<CallLink />, { me });
  const address = `${location.origin}/call/acme.test/ann`;
  await screen.findByText(address);
  await user.click(screen.getByRole("button", { name: "Copy the address" }));
  await screen.findByRole("button", { name: "Address copied" });
  expect(await navigator.clipboard.readText()).toBe(address);
});

test("switched off it leads to nobody, and nothing else is changed", async () => {
  const asked = serve(({ method, body }) => (method === "PATCH" ? { ...at, ...(body as object) } : at));
  show(<CallLink />, { me });
  expect((await toggle()).checked).toBe(true);
  await userEvent.click(await toggle());
  await waitFor(async () => expect((await toggle()).checked).toBe(false));
  expect(asked.at(-1)).toMatchObject({ method: "PATCH", path: "/v1/domains/~/agents/~/reach", body: { call_link_private: true } });
  await userEvent.click(await toggle());
  await waitFor(() => expect(asked.at(-1)?.body).toEqual({ call_link_private: false }));
});

test("while it is being switched it keeps the keyboard, and is not switched back", async () => {
  let done = () => {};
  const asked = serve(({ method }) =>
    method === "PATCH" ? new Promise((give) => (done = () => give({ ...at, call_link_private: true }))) : at,
  );
  show(<CallLink />, { me });
  await userEvent.click(await toggle());
  await userEvent.keyboard(" ");
  expect([document.activeElement, (await toggle()).checked]).toEqual([await toggle(), false]);
  await act(async () => done());
  expect(asked.filter(({ method }) => method === "PATCH").length).toBe(1);
});

test("a refusal is said, and the switch stays as it is", async () => {
  serve(({ method }) => (method === "PATCH" ? refusal(409, "no_call_link", "The agent has no call link") : at));
  show(<CallLink />, { me });
  await userEvent.click(await toggle());
  await screen.findByRole("alert");
  expect((await toggle()).checked).toBe(true);
});

test("without a link it is said who gives one", async () => {
  serve(() => ({ ...at, call_link: null }));
  show(<CallLink />, { me });
  await screen.findByText(/An administrator can give you one/);
  expect(screen.queryByRole("switch")).toBeNull();
});

test("what is typed beside it stays when it is switched, and is not sent with it", async () => {
  const asked = serve(({ method, body }) => (method === "PATCH" ? { ...at, ...(body as object) } : at));
  show(
    <>
      <Reach />
      <CallLink />
    </>,
    { me },
  );
  const phone = await screen.findByLabelText<HTMLInputElement>("Personal phone");
  await userEvent.type(phone, "+49 170");
  await userEvent.click(await toggle());
  await waitFor(async () => expect((await toggle()).checked).toBe(false));
  expect(phone.value).toBe("+49 170");
  expect(asked.at(-1)?.body).toEqual({ call_link_private: true });
});
