/** What the server refused, in words that say what to do. */
import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { components } from "./v1";

export type ProblemDocument = components["schemas"]["Problem"];

/** The server answered, and not with what was wished; or it did not answer at all (`status` 0). */
export class Refused extends Error {
  readonly status: number;
  readonly document: ProblemDocument | null;

  constructor(status: number, document: ProblemDocument | null) {
    super(document?.detail ?? document?.title ?? `status ${status}`);
    this.name = "Refused";
    this.status = status;
    this.document = document;
  }

  /** The stable name of the problem, as in `/problems/<name>`. */
  get kind(): string | null {
    return this.document?.type.split("/").pop() ?? null;
  }

  /** By which the server's log knows it. */
  get requestId(): string | null {
    return this.document?.request_id ?? null;
  }
}

const isDocument = (body: unknown): body is ProblemDocument =>
  typeof body === "object" && body !== null && "type" in body && "status" in body;

export function refused(status: number, body: unknown): Refused {
  return new Refused(status, isDocument(body) ? body : null);
}

/** As a sentence is written: the server's own words begin small, and quote as programs do. */
const sentence = (text: string | null | undefined): string | undefined =>
  text?.replaceAll(/`([^`]*)`/g, "“$1”").replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());

/** What to tell whoever wished it. Details of the server are shown as they are: they say what is wrong and where. */
export function explain(problem: unknown): string {
  if (!(problem instanceof Refused)) {
    return problem instanceof Error ? problem.message : String(problem);
  }
  const detail = sentence(problem.document?.detail);
  switch (problem.status) {
    case 0:
    // Whoever stands before the server says that it does not.
    case 502:
    case 504:
      return i18n._(msg`The server does not answer. What you typed is still here: try again in a moment.`);
    case 401:
      return i18n._(msg`Your login has ended. Log in again to go on.`);
    case 403:
      // Others refuse with this status, too, and say why.
      if (problem.kind !== "forbidden" && detail) return detail;
      return i18n._(msg`You may not do this. Ask an administrator of your domain.`);
    case 409:
      return detail ?? i18n._(msg`It cannot be done just now: something has changed meanwhile.`);
    case 412:
      return i18n._(msg`Somebody else has changed this meanwhile. Load it again, look at it, and save once more.`);
    case 429:
      return i18n._(msg`Too many requests. Wait a moment, then try again.`);
    case 500:
      return i18n._(msg`The server has failed. Try again; if it stays so, tell an administrator the number below.`);
    case 503:
      return detail ?? i18n._(msg`The server is busy or stopping. Try again in a moment.`);
    default:
      return detail ?? i18n._(msg`The server refused this.`);
  }
}
