/** The phone of a shift, in a tab: when there is one, when it rings, what it answers by itself. */
import { act, fireEvent, render, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { refusal, serve } from "~/testing";
import { FakePhone } from "./fake";
import { type Phone, PhoneProvider, usePhone } from "./phone";
import { Ringer } from "./ringer";

const made: FakePhone[] = [];
vi.mock("./jssip", () => ({
  JsSipPhone: class extends FakePhone {
    constructor() {
      super();
      made.push(this);
    }
  },
}));

/** What a tab's own content sees. */
let phone: Phone;
function Look() {
  phone = usePhone();
  return null;
}

const open = () =>
  render(
    <PhoneProvider account="1001@acme.test">
      <Look />
    </PhoneProvider>,
  );

beforeEach(() => {
  made.length = 0;
  serve(() => ({ sip_uri: "sip:1001@acme.test", websocket: "wss://acme.test/sip", display_name: "Ann" }));
  vi.spyOn(Ringer.prototype, "unlock").mockResolvedValue();
  vi.spyOn(Ringer.prototype, "start").mockResolvedValue();
  vi.spyOn(Ringer.prototype, "stop").mockReturnValue();
});
afterEach(() => vi.unstubAllGlobals());

const begun = async (): Promise<FakePhone> => {
  await act(() => phone.begin("browser"));
  await waitFor(() => expect(phone.state.link).toBe("ready"));
  return made[0]!;
};
/** Another tab of this browser begins or ends a shift. */
const elsewhere = (mode: string | null) => {
  if (mode) localStorage.setItem("shift.1001@acme.test", mode);
  else localStorage.removeItem("shift.1001@acme.test");
  act(() => void window.dispatchEvent(new StorageEvent("storage", { key: "shift.1001@acme.test", newValue: mode })));
};

test("a shift begins with a phone, and is there again after a reload", async () => {
  const tab = open();
  expect([phone.mode, made.length]).toEqual([null, 0]);
  await begun();
  expect([phone.mode, phone.leads]).toEqual(["browser", true]);
  tab.unmount();
  expect(made[0]?.asked.at(-1)).toBe("stop");
  open();
  await waitFor(() => expect(made).toHaveLength(2));
});

test("a desk phone needs none here", async () => {
  open();
  await act(() => phone.begin("phone"));
  expect([phone.mode, phone.state.link, made.length]).toEqual(["phone", "off", 0]);
});

test("it rings while a call comes in, and no longer", async () => {
  open();
  const device = await begun();
  act(() => device.ring());
  expect(Ringer.prototype.start).toHaveBeenCalledOnce();
  act(() => phone.answer());
  expect(Ringer.prototype.stop).toHaveBeenCalled();
  expect(phone.state.call?.state).toBe("talking");
});

test("her own side of a call that she asked for is answered by itself, once", async () => {
  open();
  const device = await begun();
  act(() => phone.expect("+49 30-99"));
  act(() => device.ring({ id: "0", number: "+49301234" }));
  expect(device.asked).not.toContain("answer");
  act(() => phone.end());
  vi.mocked(Ringer.prototype.start).mockClear();
  act(() => device.ring({ number: "+493099" }));
  expect(device.asked).toContain("answer");
  expect(Ringer.prototype.start).not.toHaveBeenCalled();
  act(() => phone.end());
  act(() => device.ring({ id: "2" }));
  expect(phone.state.call?.state).toBe("ringing");
});

test("a call that was not made after all answers nothing", async () => {
  open();
  const device = await begun();
  act(() => phone.expect("+49301234"));
  act(() => phone.unexpect());
  act(() => device.ring());
  expect(device.asked).not.toContain("answer");
});

test("a shift that ends during a call lasts as long as that does", async () => {
  open();
  const device = await begun();
  act(() => device.ring());
  act(() => phone.answer());
  act(() => phone.finish());
  expect(phone.mode).toBe("browser");
  act(() => phone.end());
  await waitFor(() => expect(phone.mode).toBeNull());
  expect([localStorage.getItem("shift.1001@acme.test"), device.asked.at(-1)]).toEqual([null, "stop"]);
});

test("a shift that another tab begins or ends is this tab's, too", async () => {
  open();
  elsewhere("browser");
  await waitFor(() => expect(made).toHaveLength(1));
  expect(phone.mode).toBe("browser");
  elsewhere(null);
  await waitFor(() => expect(phone.mode).toBeNull());
  expect(made[0]?.asked.at(-1)).toBe("stop");
});

test("an end in another tab waits for the call of this one, and may be taken back there", async () => {
  open();
  const device = await begun();
  act(() => device.ring());
  act(() => phone.answer());
  elsewhere(null);
  expect(phone.mode).toBe("browser");
  elsewhere("browser");
  act(() => phone.end());
  expect(phone.mode).toBe("browser");
});

test("closing the tab during a call is asked about, and not else", async () => {
  open();
  const device = await begun();
  const close = () => !fireEvent(window, new Event("beforeunload", { cancelable: true }));
  expect(close()).toBe(false);
  act(() => device.ring());
  expect(close()).toBe(true);
  act(() => phone.end());
  expect(close()).toBe(false);
});

test("a server that does not say how this page is a phone is asked again", async () => {
  let failures = 1;
  const asked = serve(() =>
    failures-- > 0
      ? refusal(503, "stopping", "The server stops")
      : { sip_uri: "sip:1001@acme.test", websocket: "wss://acme.test/sip", display_name: "Ann" },
  );
  open();
  await act(() => phone.begin("browser"));
  await waitFor(() => expect(phone.state.link).toBe("ready"), { timeout: 5_000 });
  expect(asked).toHaveLength(2);
});
