/** Writes each file once more as gzip and as Brotli, so that the server packs nothing while somebody waits. */
import { promises as fs } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";
import type { Plugin } from "vite";

const WORTH_IT = /\.(js|css|svg|html|json|webmanifest)$/;
const SMALLEST = 1024;
/** What keeps the folder in the repository. */
const KEPT = ".gitignore";

const gzip = promisify(zlib.gzip);
const brotli = promisify(zlib.brotliCompress);

export function compressed(): Plugin {
  let folder = "";
  return {
    name: "compressed",
    apply: "build",
    configResolved(config) {
      folder = path.resolve(config.root, config.build.outDir);
    },
    async buildStart() {
      for (const name of await fs.readdir(folder).catch(() => [])) {
        if (name !== KEPT) await fs.rm(path.join(folder, name), { recursive: true });
      }
    },
    async closeBundle() {
      for (const name of await fs.readdir(folder, { recursive: true })) {
        const file = path.join(folder, name);
        // The page itself is filled in for each request.
        if (!WORTH_IT.test(name) || name === "index.html" || name.startsWith(".vite")) continue;
        const plain = await fs.readFile(file);
        if (plain.length < SMALLEST) continue;
        await fs.writeFile(`${file}.gz`, await gzip(plain, { level: 9 }));
        await fs.writeFile(`${file}.br`, await brotli(plain));
      }
    },
  };
}
