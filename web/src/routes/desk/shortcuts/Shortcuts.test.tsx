/** The desk's keys: each does what its button does, and nothing where there is nothing to do. */
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Agent, Call } from "~/live/fold";
import type { OwnCall } from "~/live/own";
import type { PhoneCall } from "~/softphone/port";
import { phoneOf, serve, show } from "~/testing";
import { hint } from "./keys";
import { Shortcuts } from "./Shortcuts";

let asked: ReturnType<typeof serve>;
beforeEach(() => {
  asked = serve(() => ({ items: [], pending: false }));
});
afterEach(() => vi.unstubAllGlobals());

const agent = (state: Agent["state"]) => ({ state, queues: [{ queue: "8000", state, pending: null }] }) as unknown as Agent;
const talking = (held = false): OwnCall => ({ call: { id: "7", held } as Call, part: "talking", outgoing: false, number: "", name: "", since: "" });
const heard: PhoneCall = { id: "x", direction: "in", state: "talking", number: "", name: "", muted: false };
const press = (code: string, target: Element = document.body) => fireEvent.keyDown(target, { code, key: code.slice(3).toLowerCase(), altKey: true });
const done = () => asked.map(({ method, path }) => `${method} ${path.replace("/v1/domains/~/", "")}`);

test("keys of a call in this browser", () => {
  const phone = phoneOf({ state: { link: "ready", problem: null, call: heard } });
  show(<Shortcuts agent={agent("queue_call")} extension="1001" own={[talking()]} />, { phone });
  press("KeyM");
  expect(phone.mute).toHaveBeenCalledWith(true);
  press("KeyX");
  expect(phone.end).toHaveBeenCalledOnce();
});

test("keys of a call on another phone are asked of the server", async () => {
  const phone = phoneOf({ mode: "phone" });
  const { rerender } = show(<Shortcuts agent={agent("queue_call")} extension="1001" own={[talking()]} />, { phone });
  press("KeyH");
  press("KeyX");
  await waitFor(() => expect(done()).toEqual(["POST calls/7/hold", "DELETE calls/7"]));
  expect(phone.end).not.toHaveBeenCalled();
  rerender(<></>);
  show(<Shortcuts agent={agent("queue_call")} extension="1001" own={[talking(true)]} />, { phone });
  press("KeyH");
  await waitFor(() => expect(done().at(-1)).toBe("POST calls/7/unhold"));
});

test("a call that rings elsewhere is not hung up by a key", () => {
  show(<Shortcuts agent={agent("ringing")} extension="1001" own={[{ ...talking(), part: "ringing" }]} />, { phone: { mode: "phone" } });
  press("KeyX");
  press("KeyH");
  expect(done()).toEqual([]);
});

test("ready is asked for where it would change something, and in wrap-up by the button, which saves first", async () => {
  const { unmount } = show(<Shortcuts agent={agent("ready")} extension="1001" own={[]} />);
  press("KeyR");
  expect(done()).toEqual([]);
  unmount();
  const second = show(<Shortcuts agent={agent("not_ready")} extension="1001" own={[]} />);
  press("KeyR");
  await waitFor(() => expect(done()).toEqual(["POST agents/1001/ready"]));
  second.unmount();
  const clicked = vi.fn();
  show(
    <>
      <button type="button" onClick={clicked} {...hint("ready", "Done")}>
        Done
      </button>
      <Shortcuts agent={agent("wrap_up")} extension="1001" own={[]} />
    </>,
  );
  press("KeyR");
  expect(clicked).toHaveBeenCalledOnce();
  expect(done()).toHaveLength(1);
});

test("a key that is held down counts once, and works while somebody types", () => {
  const phone = phoneOf({ state: { link: "ready", problem: null, call: heard } });
  show(
    <>
      <input data-dial aria-label="dial" />
      <Shortcuts agent={agent("queue_call")} extension="1001" own={[]} />
    </>,
    { phone },
  );
  press("KeyC");
  expect(document.activeElement).toBe(screen.getByLabelText("dial"));
  press("KeyM", screen.getByLabelText("dial"));
  fireEvent.keyDown(document.body, { code: "KeyM", key: "m", altKey: true, repeat: true });
  expect(phone.mute).toHaveBeenCalledOnce();
});

test("the sheet shows every key", async () => {
  show(<Shortcuts agent={agent("ready")} extension="1001" own={[]} />);
  fireEvent.keyDown(document.body, { key: "?" });
  expect(await screen.findByRole("dialog", { name: "Keys of the desk" })).toBeTruthy();
  for (const word of ["Answer", "Decline or hang up", "Call somebody"]) expect(screen.getByText(word)).toBeTruthy();
});
