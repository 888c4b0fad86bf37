/** The ring: heard once the browser allows it, over when it is over. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ELSEWHERE, Ringer } from "./ringer";

/** How many tones were begun, and how many rings taken away. */
let tones: number;
let silenced: number;
let closed: number;

class Gain {
  gain = { setValueAtTime: () => {}, linearRampToValueAtTime: () => {} };
  connect() {}
  disconnect() {
    silenced += 1;
  }
}
class Context {
  state = "suspended";
  currentTime = 0;
  createMediaStreamDestination = () => ({ stream: null });
  createGain = () => new Gain();
  createOscillator = () => ({ frequency: { value: 0 }, connect: () => {}, start: () => (tones += 1), stop: () => {} });
  async resume() {
    this.state = "running";
  }
  async close() {
    this.state = "closed";
    closed += 1;
  }
}
class Player {
  srcObject: unknown = null;
  play = async () => {};
  pause = () => {};
}

beforeEach(() => {
  tones = 0;
  silenced = 0;
  closed = 0;
  vi.useFakeTimers();
  vi.stubGlobal("AudioContext", Context);
  vi.stubGlobal("Audio", Player);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Two tones are one ring. */
const rings = () => tones / 2;

test("it rings until it is stopped", async () => {
  const ringer = new Ringer();
  await ringer.unlock();
  expect(ringer.unlocked).toBe(true);
  await ringer.start();
  await vi.advanceTimersByTimeAsync(6_500);
  expect([rings(), silenced]).toEqual([3, 0]);
  ringer.stop();
  expect(silenced).toBe(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(rings()).toBe(3);
});

test("or as often as was wished", async () => {
  const ringer = new Ringer();
  await ringer.unlock();
  await ringer.start(2);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(rings()).toBe(2);
});

test("a call that came before the first touch rings with it, unless it is gone", async () => {
  const [late, gone] = [new Ringer(), new Ringer()];
  await late.start();
  await gone.start();
  expect(rings()).toBe(0);
  gone.stop();
  await late.unlock();
  await gone.unlock();
  expect(rings()).toBe(1);
  late.stop();
});

test("begun twice, it rings once", async () => {
  const ringer = new Ringer();
  await ringer.unlock();
  await Promise.all([ringer.start(), ringer.start()]);
  await vi.advanceTimersByTimeAsync(100);
  expect(rings()).toBe(1);
  ringer.stop();
});

test("another one's telephone rings with its own tone, and less often", async () => {
  const ringer = new Ringer("speaker", ELSEWHERE);
  await ringer.unlock();
  await ringer.start();
  await vi.advanceTimersByTimeAsync(6_500);
  expect(tones).toBe(2);
  ringer.stop();
});

test("closed it is silent and lets the device go, also while it is unlocked; unlocked again it rings", async () => {
  const ringer = new Ringer();
  const opening = ringer.unlock();
  ringer.close();
  await opening;
  expect([closed, ringer.unlocked]).toEqual([1, false]);
  await ringer.unlock();
  await ringer.start();
  expect(rings()).toBe(1);
  ringer.close();
  await vi.advanceTimersByTimeAsync(10_000);
  expect([rings(), silenced, closed]).toEqual([1, 1, 2]);
});
