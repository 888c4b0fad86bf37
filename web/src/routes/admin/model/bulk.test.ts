/** What is done to several at once. */
import { expect, test } from "vitest";
import { edits } from "./bulk";
import { section } from "./sections";

const agents = section("agents")!;
const ann = { extension: "1001", name: "Ann", groups: ["support"] };
const bea = { email: "bea@acme.test", name: "Bea", groups: ["sales"] };

test("all are removed, switched off, each by its own key", () => {
  expect(edits(agents, [ann, bea], { kind: "remove" })).toEqual([
    { op: "remove", section: "agents", key: ["1001"] },
    { op: "remove", section: "agents", key: ["bea@acme.test"] },
  ]);
  expect(edits(agents, [ann], { kind: "switch", on: false })[0]?.value).toEqual({ status: "disabled" });
});

test("only who has an extension comes into a queue", () => {
  expect(edits(agents, [ann, bea], { kind: "queue", queue: "8000" })).toEqual([
    { op: "put", section: "queues", key: ["8000"], member: "1001", value: {} },
  ]);
});

test("nobody is put into a group twice", () => {
  expect(edits(agents, [ann, bea], { kind: "group", group: "support" })).toEqual([
    { op: "patch", section: "agents", key: ["bea@acme.test"], value: { groups: ["sales", "support"] } },
  ]);
});
