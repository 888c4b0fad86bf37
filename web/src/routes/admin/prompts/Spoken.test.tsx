/** A text is heard before it is saved, and leaves nothing behind. */
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { refusal, serve, show } from "~/testing";
import { Spoken } from "./Spoken";

beforeEach(() => {
  vi.stubGlobal("AudioContext", class {
    decodeAudioData = () => Promise.reject(new Error("none here"));
    close = async () => {};
  });
});
afterEach(() => vi.unstubAllGlobals());

const form = () => show(<Spoken speech={{ text: "Guten Tag", voice: "de+f3" }} language="de" onChange={() => {}} />);
const listen = () => userEvent.click(screen.getByRole("button", { name: "Have it spoken" }));

test("it is spoken under a name of its own, heard, and taken away", async () => {
  const asked = serve(() => ({}));
  form();
  await listen();
  expect(await screen.findByLabelText("What will be heard")).toBeTruthy();
  const [put, , gone] = asked;
  expect(asked.map(({ method }) => method)).toEqual(["PUT", "GET", "DELETE"]);
  expect(put?.path).toMatch(/^\/v1\/domains\/~\/prompts\/trial-[0-9a-f]+\?language=de$/);
  expect([put?.body, gone?.path]).toEqual([{ text: "Guten Tag", voice: "de+f3" }, put?.path]);
});

test("it is taken away also where it cannot be heard", async () => {
  const asked = serve(({ method }) => (method === "GET" ? refusal(503, "busy", "Busy") : {}));
  form();
  await listen();
  await waitFor(() => expect(asked.at(-1)?.method).toBe("DELETE"));
  expect(await screen.findByRole("alert")).toBeTruthy();
});

test("a server without a voice says what to do", async () => {
  serve(() => refusal(409, "no_speech", "Texts cannot be spoken here"));
  form();
  await listen();
  expect((await screen.findByRole("alert")).textContent).toMatch(/apt install espeak-ng.*record the text, or upload/);
});
