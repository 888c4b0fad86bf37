/**
 * What a browser loads before an agent's desk stands, or before a guest talks by a call link: softphone included,
 * packed as it is sent; and the limits. From the build's own manifest, so that nothing that a page pulls in is forgotten.
 */
import { readFileSync, statSync } from "node:fs";

const dist = "dist";
const manifest = JSON.parse(readFileSync(`${dist}/.vite/manifest.json`, "utf8"));
const names = Object.keys(manifest);

/** The entry, the page, the softphone that it loads when it is wanted, and the words of one language. */
const PAGES = [
  {
    who: "the desk",
    limit: 300 * 1024,
    wanted: [/^src\/routes\/desk\/desk\.tsx$/, /^src\/softphone\/jssip\.ts$/],
  },
  {
    who: "the page of a call link",
    limit: 285 * 1024,
    wanted: [
      /^src\/routes\/guest\/guest\.tsx$/,
      /^src\/softphone\/guest\.ts$/,
      /^src\/i18n\/locales\/en\/guest\.po$/,
    ],
  },
];
const ALWAYS = [/^index\.html$/, /^src\/i18n\/locales\/en\/app\.po$/];

/** All parts that these need. */
function parts(wanted) {
  const seen = new Set();
  const take = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const next of manifest[name].imports ?? []) take(next);
  };
  for (const pattern of wanted) {
    const found = names.filter((name) => pattern.test(name));
    if (found.length === 0) {
      console.error(`sizes: nothing built is ${pattern}`);
      process.exitCode = 1;
    }
    found.forEach(take);
  }
  return seen;
}

const packed = (file) => {
  try {
    return statSync(`${dist}/${file}.gz`).size;
  } catch {
    return statSync(`${dist}/${file}`).size;
  }
};
const kb = (bytes) => `${(bytes / 1024).toFixed(1)} kB`;

for (const { who, limit, wanted } of PAGES) {
  const seen = parts([...ALWAYS, ...wanted]);
  const files = [...new Set([...seen].map((name) => manifest[name].file))].filter((file) => file.endsWith(".js"));
  const sizes = files.map((file) => [file, packed(file)]).sort((a, b) => b[1] - a[1]);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  if (process.argv.includes("--all")) for (const [file, size] of sizes) console.log(`  ${file} ${kb(size)}`);
  console.log(`sizes: ${who} loads ${kb(total)} of JavaScript packed, of at most ${kb(limit)}`);
  if (total > limit) process.exitCode = 1;
}
