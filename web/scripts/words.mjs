/**
 * Whether every word of the app stands in the catalogues, and every language has all of them.
 * Extracts anew and compares, so that neither a forgotten nor a left-over word lands.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const folder = "src/i18n/locales";
const SOURCE = "en";

const read = () =>
  new Map(
    readdirSync(folder).flatMap((language) =>
      readdirSync(path.join(folder, language))
        .filter((name) => name.endsWith(".po"))
        .map((name) => [`${language}/${name}`, readFileSync(path.join(folder, language, name), "utf8")]),
    ),
  );

/** The entries of a catalogue: what is said, and how. */
function entries(text) {
  const said = (block, word) => {
    const found = block.match(new RegExp(`^${word} ((?:".*"\\n?)+)`, "m"));
    return found ? found[1].split("\n").map((line) => line.replace(/^"|"$/g, "")).join("") : "";
  };
  return text
    .split(/\n\n+/)
    .filter((block) => !block.includes("#~"))
    .map((block) => ({ id: said(block, "msgid"), word: said(block, "msgstr") }))
    .filter(({ id }) => id !== "");
}

const before = read();
execFileSync("npx", ["lingui", "extract", "--clean"], { stdio: "pipe" });
const after = read();

const problems = [];
const counts = new Map();
for (const [name, text] of after) {
  if (before.get(name) !== text) problems.push(`${name} was not current: it is now; translate what is new, and commit`);
  const language = name.split("/")[0];
  for (const { id, word } of entries(text)) {
    const count = counts.get(language) ?? { all: 0, lacking: 0 };
    count.all += 1;
    if (word === "") {
      count.lacking += 1;
      problems.push(`${name} lacks: ${id}`);
    }
    counts.set(language, count);
  }
}
const all = counts.get(SOURCE)?.all ?? 0;
for (const [language, count] of counts) {
  if (count.all !== all) problems.push(`${language} has ${count.all} words, ${SOURCE} has ${all}`);
}
for (const problem of problems) console.error(`words: ${problem}`);
const shown = [...counts].map(([language, count]) => `${language} ${count.all - count.lacking}`).join(", ");
console.log(`words: ${all} in ${counts.size} languages (${shown})`);
process.exitCode = problems.length === 0 && all > 0 ? 0 : 1;
