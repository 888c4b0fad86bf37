/** Everything that holds all pages: language, theme, data, ways. */
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "./styles/base.css";
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { Notices as Shown } from "./components/Notice/Notices";
import { queries } from "./api/queries";
import { router } from "./router";
import { theme, variables } from "./styles/theme";

const RETRY_TIME = 2_000;

/** No page waits for it; it is asked for until it is there. */
const Notices = lazy(loadNotices);

async function loadNotices(): Promise<{ default: typeof Shown }> {
  for (;;) {
    try {
      return { default: (await import("./components/Notice/Notices")).Notices };
    } catch {
      await new Promise((again) => setTimeout(again, RETRY_TIME));
    }
  }
}

/** The server's word for this page: styles with it were made by us. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
// What keeps the page still behind a dialog makes a style of its own, and looks for the word here.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;

// Those who make style sheets without asking the theme ask here.
setNonce(nonce);

export function App() {
  return (
    <I18nProvider i18n={i18n}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <Suspense fallback={null}>
          <Notices position="bottom-right" limit={4} />
        </Suspense>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>
  );
}
