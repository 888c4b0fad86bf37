/** What the first steps send. */
import { expect, test } from "vitest";
import { agentEdits, domainFile, phoneSecret } from "./begin";

test("a domain's name cannot break out of its file", () => {
  expect(domainFile('a"\nroles: []', "Europe/Berlin", "de").split("\n")).toEqual([
    String.raw`domain: "a\"\nroles: []"`,
    'timezone: "Europe/Berlin"',
    'language: "de"',
    "",
  ]);
});

test("the agent's group is made only where it is not there", () => {
  const ann = { name: "Ann", extension: "1001", email: "", password: "", group: "team" };
  expect(agentEdits(ann, []).map(({ section }) => section)).toEqual(["groups", "agents"]);
  expect(agentEdits(ann, ["team"])).toEqual([
    { op: "create", section: "agents", key: ["1001"], value: { name: "Ann", extension: "1001", groups: ["team"] } },
  ]);
});

test("phone passwords are long, typeable, and never the same", () => {
  const some = new Set(Array.from({ length: 50 }, phoneSecret));
  expect(some.size).toBe(50);
  for (const secret of some) expect(secret).toMatch(/^[a-z2-9]{24}$/);
});
