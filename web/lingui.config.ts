/** Languages, and which files' words go into which catalogue. */
import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

/** Nouns whose words are loaded with their pages only. */
const apart = ["admin", "wallboard", "calls", "reports"];

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "de"],
  format: formatter({ lineNumbers: false, origins: true }),
  orderBy: "message",
  catalogs: [
    {
      path: "src/i18n/locales/{locale}/app",
      include: ["src"],
      exclude: [...apart.map((noun) => `src/routes/${noun}/**`), "**/*.test.*"],
    },
    ...apart.map((noun) => ({
      path: `src/i18n/locales/{locale}/${noun}`,
      include: [`src/routes/${noun}`],
      exclude: ["**/*.test.*"],
    })),
  ],
});
