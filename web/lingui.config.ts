/** Languages, and which files' words go into which catalogue. */
import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

/** Catalogues whose words are loaded with their pages only, and the folders that they are for. */
const apart = {
  admin: ["src/routes/admin"],
  wallboard: ["src/routes/wallboard"],
  // What several pages show of a call; all of them load it.
  calls: ["src/routes/calls", "src/components/Call"],
  reports: ["src/routes/reports"],
  account: ["src/routes/account"],
  guest: ["src/routes/guest"],
  palette: ["src/components/Palette"],
  sound: ["src/components/Sound"],
};

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "de"],
  format: formatter({ lineNumbers: false, origins: true }),
  orderBy: "message",
  catalogs: [
    {
      path: "src/i18n/locales/{locale}/app",
      include: ["src"],
      exclude: [...Object.values(apart).flat().map((folder) => `${folder}/**`), "**/*.test.*"],
    },
    ...Object.entries(apart).map(([name, include]) => ({
      path: `src/i18n/locales/{locale}/${name}`,
      include,
      exclude: ["**/*.test.*"],
    })),
  ],
});
