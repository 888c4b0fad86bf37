/** Requests in the name of whoever is logged in: the one place that knows how a login is shown, and when it has ended. */
import { refused } from "./problem";
import { session } from "./session";

/** Sends a request; its answer may be a refusal. */
export async function send(request: Request): Promise<Response> {
  const { token } = session;
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  // Which `fetch` there is, is asked with each request: tests have their own.
  const response = await fetch(request).catch(() => {
    throw refused(0, null);
  });
  // Whoever asks with a token that is no good any more is logged out. A wrong password is no such thing, nor is a late
  // answer to a login that another one has followed.
  if (response.status === 401 && token && token === session.token) session.end("ended");
  return response;
}

/** The answer to a request that the typed client has no words for: sound, tables, provisioning. Throws a `Refused`. */
export async function withLogin(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await send(new Request(new URL(path, location.origin), init));
  if (!response.ok) throw refused(response.status, await response.json().catch(() => null));
  return response;
}
