/** Who calls, beside text of our own. */
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { show } from "~/testing";
import { Who } from "./CallActs";

test("a name stands apart from the number beside it, and what is unknown is said", () => {
  const who = (name: string, number: string) => (
    <p>
      <Who name={name} number={number} />
    </p>
  );
  const { rerender } = show(who("مركز", "+49301"));
  const shown = () => screen.getByRole("paragraph");
  expect([shown().querySelector("bdi")?.textContent, shown().textContent]).toEqual(["مركز", "مركز · +49301"]);
  rerender(who("Bob", ""));
  expect(shown().textContent).toBe("Bob");
  rerender(who("", ""));
  expect(shown().textContent).toBe("number withheld");
});
