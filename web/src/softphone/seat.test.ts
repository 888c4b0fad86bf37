/** One phone for all tabs. */
import { beforeEach, expect, test, vi } from "vitest";
import { FakePhone } from "./fake";
import { browserTabs, PhoneSeat, type Tabs } from "./seat";

/** A browser whose tabs hear each other at once. */
class Browser {
  private readonly ears = new Map<Tabs, (said: unknown) => void>();
  private readonly waiting: (() => Promise<void>)[] = [];
  private held = false;

  tab(): Tabs {
    const tab: Tabs = {
      lead: (hold) => {
        this.waiting.push(hold);
        void this.next();
      },
      say: (said) => {
        for (const [other, ear] of this.ears) if (other !== tab) ear(said);
      },
      hear: (listener) => {
        this.ears.set(tab, listener);
        return () => this.ears.delete(tab);
      },
    };
    return tab;
  }

  private async next(): Promise<void> {
    const hold = this.held ? undefined : this.waiting.shift();
    if (!hold) return;
    this.held = true;
    await hold();
    this.held = false;
    await this.next();
  }
}

const settled = () => new Promise((done) => setTimeout(done));

let browser: Browser;
let phones: FakePhone[];
const seat = () =>
  new PhoneSeat(browser.tab(), () => {
    const phone = new FakePhone();
    phones.push(phone);
    return phone;
  });

beforeEach(() => {
  browser = new Browser();
  phones = [];
});

test("the first tab leads, the second shows the same and has no phone", () => {
  const [first, second] = [seat(), seat()];
  first.start();
  second.start();
  expect([first.leads, second.leads]).toEqual([true, false]);
  phones[0]?.ring({ name: "Clara" });
  expect(second.state.call?.name).toBe("Clara");
  expect(phones).toHaveLength(1);
});

test("what is asked in another tab is done by the one that leads", () => {
  const [first, second] = [seat(), seat()];
  first.start();
  second.start();
  phones[0]?.ring();
  second.answer();
  second.mute(true);
  expect(phones[0]?.asked).toEqual(["start", "answer", "mute"]);
  expect(second.state.call).toMatchObject({ state: "talking", muted: true });
  second.end();
  expect(second.state.call).toBeNull();
});

test("when the tab that leads goes, another takes over by itself", async () => {
  const [first, second] = [seat(), seat()];
  first.start();
  second.start();
  first.stop();
  await settled();
  expect(second.leads).toBe(true);
  expect(second.state.link).toBe("ready");
});

test("a tab takes over when it is wished, and the other one stays as a remote control", async () => {
  const [first, second] = [seat(), seat()];
  first.start();
  second.start();
  second.takeOver();
  await settled();
  expect([first.leads, second.leads]).toEqual([false, true]);
  phones[1]?.ring({ name: "Otto" });
  expect(first.state.call?.name).toBe("Otto");
});

test("nobody takes a phone away during a call", async () => {
  const [first, second] = [seat(), seat()];
  first.start();
  second.start();
  phones[0]?.ring();
  second.takeOver();
  await settled();
  expect(first.leads).toBe(true);
  expect(phones[0]?.asked).not.toContain("stop");
});

test("a tab that waited and was stopped does not lead later", async () => {
  const [first, second] = [seat(), seat()];
  first.start();
  second.start();
  second.stop();
  first.stop();
  await settled();
  expect(second.leads).toBe(false);
  expect(phones).toHaveLength(1);
});

test("of three tabs the one leads that asked, not the one that waits for longest", async () => {
  const [first, second, third] = [seat(), seat(), seat()];
  first.start();
  second.start();
  third.start();
  third.takeOver();
  await settled();
  expect([first.leads, second.leads, third.leads]).toEqual([false, false, true]);
  third.stop();
  await settled();
  expect([first, second].filter((one) => one.leads)).toHaveLength(1);
});

test("a wish that was refused during a call is not fulfilled later, for somebody else's turn", async () => {
  const [first, second, third] = [seat(), seat(), seat()];
  first.start();
  second.start();
  third.start();
  phones[0]?.ring();
  third.takeOver();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
  first.stop();
  await settled();
  vi.useRealTimers();
  expect([second.leads, third.leads]).toEqual([true, false]);
});

test("what is asked about a call that is over does nothing to the one that came after it", () => {
  // Another tab, which has not heard yet of the call that is now.
  const late = browser.tab();
  seat().start();
  phones[0]?.ring({ id: "old" });
  phones[0]?.end();
  phones[0]?.ring({ id: "new" });
  const before = phones[0]?.asked.length;
  for (const kind of ["answer", "end", "mute"]) late.say({ kind, call: "old", muted: true });
  expect([phones[0]?.asked.length, phones[0]?.state.call?.id]).toEqual([before, "new"]);
  late.say({ kind: "answer", call: "new" });
  expect(phones[0]?.asked.at(-1)).toBe("answer");
});

test("a seat lets its channel go, and two domains in one browser hear nothing of each other", () => {
  const open = new Set<FakeChannel>();
  class FakeChannel extends EventTarget {
    readonly name: string;
    constructor(name: string) {
      super();
      this.name = name;
      open.add(this);
    }
    postMessage(data: unknown) {
      for (const one of open) if (one !== this && one.name === this.name) one.dispatchEvent(new MessageEvent("message", { data }));
    }
    close() {
      open.delete(this);
    }
  }
  vi.stubGlobal("BroadcastChannel", FakeChannel);
  const made: FakePhone[] = [];
  const of = (account: string) =>
    new PhoneSeat(browserTabs(account), () => {
      const phone = new FakePhone();
      made.push(phone);
      return phone;
    });
  const [acme, bravo] = [of("1001@acme.test"), of("1001@bravo.test")];
  acme.start();
  bravo.start();
  made[0]?.ring({ name: "Clara" });
  expect([acme.state.call?.name, bravo.state.call]).toEqual(["Clara", null]);
  acme.stop();
  bravo.stop();
  expect(open.size).toBe(0);
  vi.unstubAllGlobals();
});
