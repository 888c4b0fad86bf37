/** How a page is the phone of who is logged in. */
import { answer, api, type Schemas } from "~/api/client";
import { Refused } from "~/api/problem";

export type PhoneAccount = Schemas["PhoneItem"];

/** Null: this server has no phones in browsers, by its settings. */
export async function phoneAccount(): Promise<PhoneAccount | null> {
  try {
    return await answer(api.GET("/v1/auth/phone"));
  } catch (problem) {
    if (problem instanceof Refused && problem.kind === "no_browser_phones") return null;
    throw problem;
  }
}
