/** Languages: which there are, which one is wished, and the words of the pages that were opened. */
import { i18n } from "@lingui/core";
import { recall, remember } from "~/api/room";

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

/** `app` is always there; the others come with the pages of that noun. */
export type Catalogue = "app" | "admin" | "wallboard" | "calls" | "reports" | "account" | "guest" | "palette" | "sound";

const KEY = "language";

const files = import.meta.glob<{ messages: Record<string, string> }>("./locales/*/*.po");
const loaded = new Set<Catalogue>();

const isLanguage = (word: string | null | undefined): word is Language => !!word && word in LANGUAGES;

/** What was chosen here before, or else what the browser asks for. */
export function wished(): Language {
  const chosen = recall(KEY);
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? "en";
}

export const language = (): Language => (isLanguage(i18n.locale) ? i18n.locale : "en");

/**
 * The present language as the reader's region writes it, for dates: what the browser asks for of this language. Who
 * reads English and asks for none gets the day before the month, as most do.
 */
export function region(): string {
  const own = navigator.languages.find((tag) => tag.toLowerCase().startsWith(`${language()}-`));
  return own ?? (language() === "en" ? "en-GB" : language());
}

/** Loads a catalogue in the present language. Routes do it before they are shown. */
export async function words(catalogue: Catalogue): Promise<void> {
  if (loaded.has(catalogue)) return;
  i18n.load(language(), await read(language(), catalogue));
  loaded.add(catalogue);
}

/** Speaks a language from now on, on every page. */
export async function speak(tongue: Language): Promise<void> {
  loaded.add("app");
  const all = await Promise.all([...loaded].map((catalogue) => read(tongue, catalogue)));
  i18n.loadAndActivate({ locale: tongue, messages: Object.assign({}, ...all) });
  document.documentElement.lang = tongue;
}

/** The same, and remembers it. */
export async function choose(tongue: Language): Promise<void> {
  remember(KEY, tongue);
  await speak(tongue);
}

async function read(tongue: Language, catalogue: Catalogue): Promise<Record<string, string>> {
  const load = files[`./locales/${tongue}/${catalogue}.po`];
  return load ? (await load()).messages : {};
}
