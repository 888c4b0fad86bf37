/** Taking back what was done to an agent, against a server that refuses some of it. */
import { afterEach, expect, test, vi } from "vitest";
import { refusal, serve } from "~/testing";
import { takeBack } from "./force";

afterEach(() => vi.unstubAllGlobals());

test("what one queue refuses is told, and the others are still taken back", async () => {
  const asked = serve(({ body }) => {
    const { queue } = body as { queue: string };
    if (queue === "8000") return { items: [{ queue, error: { title: "Not logged in" } }], pending: false };
    if (queue === "8001") return refusal(409, "no_device", "No phone");
    return { items: [{ queue, state: "ready" }], pending: false };
  });
  const steps = ["8000", "8001", "8002"].map((queue) => ({ verb: "ready" as const, queue }));
  expect(await takeBack("1001", steps)).toEqual([expect.stringContaining("8000: Not logged in"), expect.stringContaining("8001: ")]);
  expect(asked.map(({ body }) => (body as { queue: string }).queue)).toEqual(["8000", "8001", "8002"]);
});
