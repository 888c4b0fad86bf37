/** How the web app is built, tried while it is written, and tested. */
import path from "node:path";
import { lingui } from "@lingui/vite-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { compressed } from "./vite/compressed.ts";
import { linguiMacros } from "./vite/macros.ts";
import { quiet } from "./vite/quiet.ts";

/** The server that `npm run dev` talks to. */
const server = process.env.CORDBOARD_URL ?? "http://127.0.0.1:8080";
const asked = ["/v1", "/docs", "/docs.js", "/docs.css", "/icon.svg", "/problems", "/healthz", "/readyz", "/sip"];

export default defineConfig({
  plugins: [linguiMacros(), react(), lingui(), compressed(), quiet()],
  resolve: { alias: { "~": path.resolve(import.meta.dirname, "src") } },
  build: {
    target: "es2023",
    outDir: "dist",
    emptyOutDir: false,
    manifest: true,
    // Nothing as `data:`; what is inlined would need a looser policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // Each is small and shared by few pages: apart they would be packed worse, and be asked for one by one.
        codeSplitting: {
          groups: [
            { name: "sound", test: /src\/softphone\/(devices|level|mouth|port|ringer)\.ts$/ },
            { name: "icons", test: /icons-react\/.*\/(createReactComponent|IconPlayer(Pause|Play|RecordFilled))\./ },
            { name: "chip", test: /src\/components\/(StateChip\/StateChip|Recorded\/Recorded)\./ },
            { name: "own", test: /src\/(live\/(caller|own)|i18n\/straight)\.ts$/ },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(asked.map((from) => [from, { target: server, ws: true, changeOrigin: true }])),
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test.ts"],
    restoreMocks: true,
    // Two busy cores are no failure.
    testTimeout: 20_000,
  },
});
