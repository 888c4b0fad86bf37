/** What a call was about: what can be chosen, and that nothing typed is lost. */
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { show } from "~/testing";
import { session } from "~/api/session";
import { type Draft, draftOf as kept, keepDraft, unsaved } from "./drafts";
import { fitting, Notes, saveDraft as save } from "./Notes";
import { Unsaved } from "./Unsaved";

/** Whom tests have logged in. */
const ANN = "@acme.test Ann";
const draftOf = (call: string) => kept(ANN, call);
const saveDraft = (call: string) => save(ANN, call);
const keep = (draft: Partial<Draft>, call = "7") =>
  keepDraft(ANN, call, { code: null, notes: "", saved: false, queue: "8000", who: "Clara", at: Date.now(), ...draft });

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
  const first = show(<Notes call="7" queue="8000" who="Clara" />);
  await userEvent.type(await screen.findByLabelText("Notes", {}, { timeout: 5_000 }), "Wants the blue one.");
  first.unmount();
  expect(draftOf("7")).toMatchObject({ code: null, notes: "Wants the blue one.", saved: false, who: "Clara" });
  show(<Notes call="7" queue="8000" who="Clara" />);
  expect(await screen.findByDisplayValue("Wants the blue one.")).toBeTruthy();
  expect(saved()).toEqual([]);
});

test("notes without a word for what it was about are not passed over, and blank ones are no notes", async () => {
  keep({ notes: "Wants the blue one." });
  expect(await saveDraft("7")).toBe(false);
  expect(draftOf("7").notes).toBe("Wants the blue one.");
  keep({ notes: " " });
  expect(await saveDraft("7")).toBe(true);
  expect(saved()).toEqual([]);
});

test("it is saved once, and again after it was changed", async () => {
  keep({ code: "question", notes: "Why?" });
  expect(await saveDraft("7")).toBe(true);
  expect(await saveDraft("7")).toBe(true);
  expect(saved()).toEqual([
    { method: "PUT", url: "/v1/domains/~/calls/7/disposition", body: { disposition: "question", notes: "Why?" } },
  ]);
  show(<Notes call="7" queue="8000" who="Clara" />);
  await userEvent.type(await screen.findByLabelText("Notes", {}, { timeout: 5_000 }), " Because.");
  expect(draftOf("7").saved).toBe(false);
});

test("what could not be saved is neither lost nor taken for saved", async () => {
  refuses = true;
  keep({ code: "question", notes: "Why?" });
  expect(await saveDraft("7")).toBe(false);
  await waitFor(() => expect(draftOf("7")).toMatchObject({ code: "question", notes: "Why?", saved: false }));
});

test("a log-out takes nothing that is not saved, and nobody else who logs in is shown it", async () => {
  keep({ notes: "Wants the blue one." });
  session.begin("cbs_x", { name: "Ann", domain: "acme.test", rights: [], second_factor_due: false });
  session.leave();
  expect(draftOf("7").notes).toBe("Wants the blue one.");
  const ben = { name: "Ben", domain: "acme.test", rights: [], second_factor_due: false };
  const other = show(<Notes call="7" queue="8000" who="Clara" />, { me: ben });
  expect((await screen.findByLabelText<HTMLTextAreaElement>("Notes")).value).toBe("");
  other.unmount();
  expect(unsaved("@acme.test Ben")).toEqual([]);
  show(<Notes call="7" queue="8000" who="Clara" />);
  expect(await screen.findByDisplayValue("Wants the blue one.")).toBeTruthy();
});

test("what was chosen is saved before she logs out", async () => {
  session.begin("cbs_x", { name: "Ann", domain: "acme.test", rights: [], second_factor_due: false });
  show(<Notes call="7" queue="8000" who="Clara" />);
  await userEvent.selectOptions(await screen.findByLabelText("What it was about"), "question");
  await session.settle();
  expect(saved()).toHaveLength(1);
  session.leave();
});

test("when she is back, what is complete is saved by itself, and what lacks a word is asked for", async () => {
  keep({ notes: "Wants the blue one." });
  keep({ code: "question", notes: "Why?" }, "8");
  const onClose = vi.fn();
  show(<Unsaved person={ANN} opened onClose={onClose} />);
  await waitFor(() => expect(saved().map(({ url }) => url)).toEqual(["/v1/domains/~/calls/8/disposition"]));
  expect(await screen.findByDisplayValue("Wants the blue one.")).toBeTruthy();
  expect(screen.queryByDisplayValue("Why?")).toBeNull();
  await userEvent.selectOptions(screen.getByLabelText("What it was about"), "question");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(unsaved(ANN)).toEqual([]);
});

test("of notes that nobody saves the newest are kept, and none for ever", () => {
  keep({ notes: "old", at: Date.now() - 15 * 24 * 60 * 60_000 }, "1");
  for (let call = 100; call < 160; call += 1) keep({ notes: "new", at: Date.now() + call }, String(call));
  const calls = unsaved(ANN).map(([call]) => call);
  expect([calls.length, calls[0], calls.at(-1)]).toEqual([50, "110", "159"]);
});

test("neither what is saved nor what others note pushes out what is not saved", () => {
  keep({ notes: "Wants the blue one.", at: Date.now() - 1_000 }, "1");
  for (let call = 100; call < 160; call += 1) keep({ code: "sale", saved: true, at: Date.now() + call }, String(call));
  const draft: Draft = { code: null, notes: "new", saved: false, queue: null, who: "", at: Date.now() + 1_000 };
  for (let call = 200; call < 260; call += 1) keepDraft("@acme.test Ben", String(call), draft);
  expect(unsaved(ANN).map(([call]) => call)).toEqual(["1"]);
  expect(Object.keys(localStorage).filter((place) => place.endsWith(ANN))).toHaveLength(50);
});
