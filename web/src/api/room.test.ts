import { afterEach, expect, test, vi } from "vitest";
import { chooseDevice, chosen } from "~/softphone/devices";
import { forget, recall, remember } from "./room";

afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
});

const full = () =>
  vi.spyOn(localStorage, "setItem").mockImplementation(() => {
    throw new DOMException("no room", "QuotaExceededError");
  });

test("without room a choice holds for this page, and with room again it is kept", () => {
  remember("a", "old");
  const noRoom = full();
  remember("a", "new");
  expect([recall("a"), localStorage.getItem("a")]).toEqual(["new", "old"]);
  noRoom.mockRestore();
  remember("a", "newest");
  expect([recall("a"), localStorage.getItem("a")]).toEqual(["newest", "newest"]);
  forget("a");
  expect(recall("a")).toBeNull();
});

test("a device is chosen also in a browser whose room is full", () => {
  full();
  chooseDevice("speaker", "headset");
  expect([chosen("speaker"), localStorage.getItem("device.speaker")]).toEqual(["headset", null]);
  forget("device.speaker");
});
