/** What a provider has sent the browser back with: a code that is good once, or what is the matter. */
import { answer, api } from "~/api/client";
import { explain } from "~/api/problem";
import { session } from "~/api/session";

let said: string | null = null;

/** Why the log-in by the provider did not work, if it did not. */
export const providerProblem = (): string | null => said;

/** Looks once, before anything is shown. */
export async function cameBack(): Promise<void> {
  const [, what, value] = /^#(oidc|oidc-problem)=([\w-]+)$/.exec(location.hash) ?? [];
  if (!what || !value) return;
  // It leaves the address bar at once, so that it is in no history and over nobody's shoulder.
  history.replaceState(null, "", location.pathname);
  // Whoever is logged in already stays so, whatever address she was led to.
  if (what === "oidc-problem") {
    said = session.token ? null : await inWords(value);
    return;
  }
  try {
    const made = await answer(api.POST("/v1/auth/oidc/redeem", { body: { code: value } }));
    session.begin(made.token, made);
  } catch (problem) {
    if (!session.token) said = explain(problem);
  }
}

/** The server's own words for a problem: title and advice. */
async function inWords(name: string): Promise<string> {
  const page = await fetch(`/problems/${encodeURIComponent(name)}`).catch(() => null);
  if (!page?.ok) return "";
  const [, , , title, , advice] = (await page.text()).split("\n");
  return [title, advice].filter(Boolean).join(". ");
}
