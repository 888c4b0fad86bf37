/**
 * What an agent's browser loads before her desk stands, softphone included, packed as it is sent; and the limit.
 * From the build's own manifest, so that nothing that a page pulls in is forgotten.
 */
import { readFileSync, statSync } from "node:fs";

const LIMIT = 300 * 1024;
const dist = "dist";
const manifest = JSON.parse(readFileSync(`${dist}/.vite/manifest.json`, "utf8"));

/** What is loaded for the desk: the entry, the page, and the softphone that it loads when a shift begins. */
const wanted = [/^index\.html$/, /^src\/routes\/desk\/desk\.tsx$/, /^src\/softphone\/jssip\.ts$/];
/** Loaded with any page: the words of one language. */
const words = /^src\/i18n\/locales\/en\/app\.po$/;

const seen = new Set();
function take(name) {
  if (seen.has(name)) return;
  seen.add(name);
  for (const next of manifest[name].imports ?? []) take(next);
}
const names = Object.keys(manifest);
for (const pattern of [...wanted, words]) {
  const found = names.filter((name) => pattern.test(name));
  if (found.length === 0) {
    console.error(`sizes: nothing built is ${pattern}`);
    process.exitCode = 1;
  }
  found.forEach(take);
}

const packed = (file) => {
  try {
    return statSync(`${dist}/${file}.gz`).size;
  } catch {
    return statSync(`${dist}/${file}`).size;
  }
};
const files = [...new Set([...seen].map((name) => manifest[name].file))].filter((file) => file.endsWith(".js"));
const sizes = files.map((file) => [file, packed(file)]).sort((a, b) => b[1] - a[1]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} kB`;
if (process.argv.includes("--all")) for (const [file, size] of sizes) console.log(`  ${file} ${kb(size)}`);
console.log(`sizes: the desk loads ${kb(total)} of JavaScript packed, of at most ${kb(LIMIT)}`);
if (total > LIMIT) process.exitCode = 1;
