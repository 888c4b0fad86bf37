/** Making a call: what is no number is not dialed, and her own side answers by itself only if the call was made. */
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { phoneOf, refusal, serve, show } from "~/testing";
import { Dial } from "./Dial";

afterEach(() => vi.unstubAllGlobals());

const input = () => screen.getByLabelText<HTMLInputElement>("Number or extension");
const dial = (text: string) => userEvent.type(input(), `${text}{Enter}`);

test("a number is dialed as it would be read, and the field is empty for the next", async () => {
  const asked = serve(() => ({ id: "9" }));
  const phone = phoneOf();
  show(<Dial extension="1001" />, { phone });
  await dial("+49 (30) 12-34");
  await waitFor(() => expect(input().value).toBe(""));
  expect(asked).toMatchObject([{ method: "POST", path: "/v1/domains/~/agents/1001/calls", body: { to: "+49301234" } }]);
  expect(asked[0]?.request.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f]{32}$/);
  expect(vi.mocked(phone.expect).mock.calls).toEqual([["+49301234"]]);
  expect(phone.unexpect).not.toHaveBeenCalled();
});

test("what is no number is said to be none, and nothing is asked", async () => {
  const asked = serve(() => ({}));
  show(<Dial extension="1001" />);
  await dial("Clara");
  expect(screen.getByText("Digits, with + for other countries.")).toBeTruthy();
  expect([asked.length, input().value]).toEqual([0, "Clara"]);
});

test("a call that was not made keeps its number, and the next call that comes in is not answered for it", async () => {
  serve(() => refusal(409, "no_device", "No phone"));
  const phone = phoneOf();
  show(<Dial extension="1001" />, { phone });
  await dial("1002");
  await waitFor(() => expect(phone.unexpect).toHaveBeenCalledOnce());
  expect(input().value).toBe("1002");
});

test("where another phone rings, nothing is answered here", async () => {
  const asked = serve(() => ({ id: "9" }));
  const phone = phoneOf({ mode: "phone" });
  show(<Dial extension="1001" />, { phone });
  await dial("1002");
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(phone.expect).not.toHaveBeenCalled();
});
