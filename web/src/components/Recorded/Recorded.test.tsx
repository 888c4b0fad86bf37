/** Who is recorded knows it: by a word, for as long as it lasts, wherever the call is seen. */
import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { OwnCall } from "~/live/own";
import { ringingCall, show } from "~/testing";
import { Party } from "~/routes/desk/call/Party";
import { Recorded } from "./Recorded";

test("the word stands there while it lasts, in a place that is read aloud when it comes", () => {
  const { rerender } = show(<Recorded on={false} />);
  const place = screen.getByRole("status");
  expect(place.textContent).toBe("");
  rerender(<Recorded on />);
  expect(place.textContent).toBe("Recorded");
  rerender(<Recorded on={false} />);
  expect(place.textContent).toBe("");
});

test.each([true, false])("on the desk's card of a call, also one that she made: %s", (outgoing) => {
  const own = (recording: boolean) =>
    ({ call: ringingCall({ recording }), part: "talking", outgoing, number: "+49301", name: "", since: "" }) as OwnCall;
  const { rerender } = show(<Party own={own(true)} />);
  expect(screen.getByText("Recorded")).toBeTruthy();
  rerender(<Party own={own(false)} />);
  expect(screen.queryByText("Recorded")).toBeNull();
});
