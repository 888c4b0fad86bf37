/** What a field is called in the language of the page, and what helps to fill it in. */
import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { OPTIONS } from "../model/options";
import type { Field } from "../model/schema";
import { WORDS, type Words, type Unit } from "../model/words";

/** The words of a field; of one that is newer than this app, what the schema says. */
export function wordsOf(field: Pick<Field, "shape" | "name">): Words | undefined {
  return WORDS[`${field.shape}.${field.name}`] ?? WORDS[`*.${field.name}`];
}

export function labelOf(field: Pick<Field, "shape" | "name">): string {
  const words = wordsOf(field);
  return words ? i18n._(words.label) : field.name.replaceAll("_", " ");
}

export function hintOf(field: Field): string | undefined {
  const words = wordsOf(field);
  if (!words) return field.description || undefined;
  return words.hint && i18n._(words.hint);
}

export function optionOf(shape: string, word: string): string {
  const known = OPTIONS[`${shape}.${word}`];
  return known ? i18n._(known) : word.replaceAll("_", " ");
}

/** What stands behind a number. */
export function unitOf(unit: Unit | undefined): string {
  switch (unit) {
    case "s":
      return ` ${i18n._(msg`s`)}`;
    case "h":
      return ` ${i18n._(msg`h`)}`;
    case "d":
      return ` ${i18n._(msg`days`)}`;
    case undefined:
      return "";
  }
}
