/** What is said of a trunk that was asked, and of one that could not be. */
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { refusal, serve, show } from "~/testing";
import { TrunkBeside } from "./TrunkBeside";

afterEach(() => vi.unstubAllGlobals());

const refused = {
  trunk: "carrier",
  host: "sip.carrier.example",
  transport: "udp",
  address: "198.51.100.7:5060",
  reachable: true,
  verdict: "refuses",
  advice: "It is there and refuses this server: have the carrier let in 203.0.113.9.",
  status: 403,
  reason: "Forbidden",
  milliseconds: 31,
  server: "Carrier 1.0",
  allow: ["INVITE", "BYE"],
  codecs: [],
  seen_as: "203.0.113.9:40123",
};

const press = () => userEvent.click(screen.getByRole("button", { name: "Test now" }));

test("an answer is put into words, with what it shows and what to do", async () => {
  const asked = serve(() => refused);
  show(<TrunkBeside name="carrier" />);
  expect(screen.getByRole("status").textContent).toBe("");
  await press();
  expect(await screen.findByText("The trunk is there and refuses this server.")).toBeTruthy();
  expect(asked.at(-1)).toMatchObject({ method: "POST", path: "/v1/domains/~/trunks/carrier/test" });
  const said = screen.getByRole("status").textContent ?? "";
  for (const part of ["Have the carrier let in", "403 Forbidden", "31 ms", "udp 198.51.100.7:5060", "Carrier 1.0", "203.0.113.9:40123", "INVITE, BYE"]) {
    expect(said).toContain(part);
  }
  expect(screen.queryByText("Codecs")).toBeNull();
});

test("of one that says nothing there is nothing to show but what to do", async () => {
  serve(() => ({ ...refused, verdict: "silent", reachable: false, status: null, reason: null, milliseconds: null, server: null, allow: [], seen_as: null }));
  show(<TrunkBeside name="carrier" />);
  await press();
  expect(await screen.findByText("Nobody answered.")).toBeTruthy();
  expect(screen.queryByText("Its answer")).toBeNull();
});

test("that it was asked too often is said", async () => {
  serve(() => refusal(429, "too_many_trunk_tests", "The trunk was asked too often"));
  show(<TrunkBeside name="carrier" />);
  await press();
  expect(await screen.findByRole("alert")).toBeTruthy();
});
