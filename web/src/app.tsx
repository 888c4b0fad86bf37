/** Everything that holds all pages: language, theme, data, ways. */
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "./styles/base.css";
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { RouterProvider } from "@tanstack/react-router";
import { queries } from "./api/queries";
import { router } from "./router";
import { theme, variables } from "./styles/theme";

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
        <Notifications position="bottom-right" limit={4} />
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>
  );
}
