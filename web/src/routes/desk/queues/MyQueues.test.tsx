/** Her queues are called as others named them, whatever stands in a name. */
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Agent } from "~/live/fold";
import { show } from "~/testing";
import { MyQueues } from "./MyQueues";

test("a queue's name is shown as it is, also where it looks like markup", async () => {
  const queues = [{ queue: "8000", name: "<b>Help</b> & <0>more</0>", state: "ready" }];
  show(<MyQueues agent={{ queues } as unknown as Agent} extension="1001" />);
  await userEvent.click(screen.getByRole("button", { name: "In <b>Help</b> & <0>more</0> only" }));
  expect(await screen.findByText("In <b>Help</b> & <0>more</0> only")).toBeTruthy();
});
