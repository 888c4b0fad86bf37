/** To whom a call can be given. */
import { expect, test } from "vitest";
import type { Agent, Queue } from "~/live/fold";
import { dialable, targets } from "./targets";

const agents = [
  { extension: "1001", name: "Ann Ash", state: "queue_call" },
  { extension: "1002", name: "Ben Birch", state: "queue_call" },
  { extension: "1003", name: "Cleo Cedar", state: "ready" },
  { extension: null, name: "Dan Dogwood", state: "offline" },
] as Agent[];
const queues = [{ number: "8000", name: "Support", waiting: 2 }] as Queue[];

test("colleagues who are free come first; oneself and who has no extension do not come", () => {
  const found = targets(agents, queues, "1001", "");
  expect(found.map((target) => target.number)).toEqual(["1003", "1002", "8000"]);
});

test("found by a part of the name or the beginning of the number", () => {
  expect(targets(agents, queues, "1001", "birch").map((target) => target.number)).toEqual(["1002"]);
  expect(targets(agents, queues, "1001", "80").map((target) => target.number)).toEqual(["80", "8000"]);
  expect(targets(agents, queues, "1001", "8000").map((target) => target.kind)).toEqual(["queue"]);
});

test("a number outside is taken as people write it", () => {
  expect(dialable("+49 (30) 123-456")).toBe("+4930123456");
  expect(dialable("call me")).toBeNull();
  expect(dialable("+")).toBeNull();
  expect(targets(agents, queues, "1001", "+49 30 1234")[0]).toEqual({ kind: "number", number: "+49301234" });
});
