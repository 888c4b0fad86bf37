/** The forms follow the schema: every field has a kind, words in the app, and a place. */
import { i18n } from "@lingui/core";
import { expect, test } from "vitest";
import { grouped } from "../entry/Groups";
import { labelOf, optionOf, wordsOf } from "../parts/words";
import { type Field, forms, Forms } from "./schema";
import { keyOf, section, SECTIONS } from "./sections";
import { OPTIONS } from "./options";

i18n.loadAndActivate({ locale: "en", messages: {} });

/** A field with all that is inside of it. */
const deep = (field: Field): Field[] => [
  field,
  ...(field.kind.kind === "part" || field.kind.kind === "rows" ? field.kind.fields.flatMap(deep) : []),
];
const known = SECTIONS.filter(({ name }) => section(name));
const all = known.flatMap(({ name }) => forms.sectionFields(name)).flatMap(deep);

test("the sections of the schema are those of the app", () => {
  expect(known.length).toBeGreaterThanOrEqual(18);
  expect(section("nonsense")).toBeUndefined();
  expect(forms.shapeOf("groups")).toBe("");
});

test("every field of every form has words of the app", () => {
  const without = all.filter((field) => !wordsOf(field)).map(({ shape, name }) => `${shape}.${name}`);
  expect(without).toEqual([]);
});

test("every word that can be chosen has one that people read", () => {
  const without = all.flatMap(({ kind }) => {
    const of = kind.kind === "list" ? kind.of : kind;
    return of.kind === "choice" ? of.options.filter((word) => !OPTIONS[`${of.shape}.${word}`]).map((word) => `${of.shape}.${word}`) : [];
  });
  expect(without).toEqual([]);
});

test("words are chosen, whether the schema explains each or only lists them", () => {
  const weekday = forms.sectionFields("reports").find(({ name }) => name === "weekday");
  expect(weekday?.kind).toMatchObject({ kind: "choice", shape: "Weekday" });
});

test("only keys of a menu and skills are left to JSON", () => {
  const raw = new Set(all.filter(({ kind }) => kind.kind === "raw").map(({ shape, name }) => `${shape}.${name}`));
  expect([...raw].sort()).toEqual(["Step.keys", "Step.prompts"]);
});

test("a queue's fields have their kinds, limits and defaults", () => {
  const by = new Map(forms.sectionFields("queues").map((field) => [field.name, field]));
  expect(by.get("ring_time")).toMatchObject({ kind: { kind: "number", min: 1, max: 65535 }, fallback: 20, required: false });
  expect(by.get("strategy")?.kind).toMatchObject({ kind: "choice", shape: "Strategy" });
  expect(by.get("on_no_answer")?.kind).toEqual({ kind: "plan" });
  expect(by.get("members")?.kind).toMatchObject({ kind: "rows", shape: "Member" });
  expect(by.get("callback")?.kind).toMatchObject({ kind: "part", shape: "Callback" });
  expect(by.get("skills")?.kind).toEqual({ kind: "needs" });
  expect(by.get("name")).toMatchObject({ required: true });
});

test("every field stands in exactly one group, also one that is newer than the groups", () => {
  for (const one of known) {
    const fields = forms.sectionFields(one.name);
    const newer: Field = { shape: "X", name: "newer", kind: { kind: "truth" }, required: false, description: "" };
    const placed = grouped(one, [...fields, newer]).flatMap((group) => group.fields.map(({ name }) => name));
    expect([...placed].sort()).toEqual([...fields.map(({ name }) => name), "newer"].sort());
  }
});

test("entries are known by what the API knows them by", () => {
  expect(keyOf(section("agents")!, { extension: "1001", email: "a@b" })).toEqual(["1001"]);
  expect(keyOf(section("agents")!, { email: "a@b" })).toEqual(["a@b"]);
  expect(keyOf(section("exclusive_numbers")!, { number: "+49301", queue: "8000" })).toEqual(["+49301", "8000"]);
});

test("what is newer than the app is called as the schema calls it", () => {
  const newer = new Forms({
    $defs: { ThingShape: { properties: { shiny_part: { type: "string", description: "How it shines." } } } },
    properties: { things: { items: { $ref: "#/$defs/ThingShape" } } },
  });
  const [field] = newer.sectionFields("things");
  expect(labelOf(field!)).toBe("shiny part");
  expect(optionOf("Thing", "very_new")).toBe("very new");
});
