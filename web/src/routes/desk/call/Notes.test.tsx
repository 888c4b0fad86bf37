/** What a call was about: what can be chosen, and that nothing typed is lost. */
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { show } from "~/testing";
import { draftOf, fitting, Notes, saveDraft } from "./Notes";

const all = [
  { code: "sale", label: "Sold something", enabled: true, queues: ["8001"] },
  { code: "question", label: "Had a question", enabled: true, queues: [] },
  { code: "old", label: "No more", enabled: false, queues: [] },
];

/** What the server was asked, and how it answers. */
let asked: { method: string; url: string; body: unknown }[];
let refuses: boolean;

beforeEach(() => {
  asked = [];
  refuses = false;
  vi.stubGlobal("fetch", async (request: Request) => {
    const body = request.method === "GET" ? null : await request.json();
    asked.push({ method: request.method, url: new URL(request.url).pathname, body });
    const headers = { "Content-Type": "application/json" };
    if (request.method === "GET") return new Response(JSON.stringify({ items: all, next: null }), { headers });
    return refuses ? new Response("{}", { status: 503, headers }) : new Response("{}", { headers });
  });
});

afterEach(() => vi.unstubAllGlobals());

const saved = () => asked.filter(({ method }) => method === "PUT");

test("those of the call's queue can be chosen, and those for all", () => {
  expect(fitting(all, "8000").map(({ code }) => code)).toEqual(["question"]);
  expect(fitting(all, "8001").map(({ code }) => code)).toEqual(["sale", "question"]);
  expect(fitting(all, null).map(({ code }) => code)).toEqual(["question"]);
});

test("what is typed is kept before it is saved, and there again after a reload", async () => {
  const first = show(<Notes call="7" queue="8000" />);
  await userEvent.type(await screen.findByLabelText("Notes", {}, { timeout: 5_000 }), "Wants the blue one.");
  first.unmount();
  expect(draftOf("7")).toEqual({ code: null, notes: "Wants the blue one.", saved: false });
  show(<Notes call="7" queue="8000" />);
  expect(await screen.findByDisplayValue("Wants the blue one.")).toBeTruthy();
  expect(saved()).toEqual([]);
});

test("notes without a word for what it was about are not passed over, and blank ones are no notes", async () => {
  sessionStorage.setItem("notes.7", JSON.stringify({ code: null, notes: "Wants the blue one.", saved: false }));
  expect(await saveDraft("7")).toBe(false);
  expect(draftOf("7").notes).toBe("Wants the blue one.");
  sessionStorage.setItem("notes.7", JSON.stringify({ code: null, notes: " ", saved: false }));
  expect(await saveDraft("7")).toBe(true);
  expect(saved()).toEqual([]);
});

test("it is saved once, and again after it was changed", async () => {
  sessionStorage.setItem("notes.7", JSON.stringify({ code: "question", notes: "Why?", saved: false }));
  expect(await saveDraft("7")).toBe(true);
  expect(await saveDraft("7")).toBe(true);
  expect(saved()).toEqual([
    { method: "PUT", url: "/v1/domains/~/calls/7/disposition", body: { disposition: "question", notes: "Why?" } },
  ]);
  show(<Notes call="7" queue="8000" />);
  await userEvent.type(await screen.findByLabelText("Notes", {}, { timeout: 5_000 }), " Because.");
  expect(draftOf("7").saved).toBe(false);
});

test("what could not be saved is neither lost nor taken for saved", async () => {
  refuses = true;
  sessionStorage.setItem("notes.7", JSON.stringify({ code: "question", notes: "Why?", saved: false }));
  expect(await saveDraft("7")).toBe(false);
  await waitFor(() => expect(draftOf("7")).toEqual({ code: "question", notes: "Why?", saved: false }));
});
