/** Where the app begins. */
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { session } from "./api/session";
import { speak, wished } from "./i18n/i18n";
import { guardMarkup } from "./markup";
import { cameBack } from "./routes/login/provider";

guardMarkup();
// After an upgrade of the server the parts of the old app are gone: the page is loaded anew.
window.addEventListener("vite:preloadError", () => void startOver());
await Promise.all([session.adopt(), speak(wished())]);
await cameBack();

/** Not while a reload would lose something, a call or what was typed; nor while the server does not answer. */
async function startOver(): Promise<void> {
  const free = window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  const page = free ? await fetch("/", { method: "HEAD" }).catch(() => null) : null;
  if (page?.ok) location.reload();
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
