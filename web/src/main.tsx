/** Where the app begins. */
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { session } from "./api/session";
import { speak, wished } from "./i18n/i18n";
import { guardMarkup } from "./markup";
import { cameBack } from "./routes/login/provider";

guardMarkup();
// After an upgrade of the server the parts of the old app are gone: the page is loaded anew, once.
window.addEventListener("vite:preloadError", () => location.reload());
await Promise.all([session.adopt(), speak(wished())]);
await cameBack();
const root = document.getElementById("root");
if (root) createRoot(root).render(<App />);
