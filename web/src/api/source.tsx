/** Whose API what is shown comes from: the login's, or a big screen's own key. */
import createClient from "openapi-fetch";
import { createContext, useContext } from "react";
import { api } from "./client";
import { refused } from "./problem";
import type { paths } from "./v1";

type Client = typeof api;

const Context = createContext<Client>(api);

export const SourceOf = Context.Provider;
export const useSource = (): Client => useContext(Context);

/** The API with a key, apart from any login of this browser. */
export function clientWith(key: string): Client {
  const client = createClient<paths>({ baseUrl: location.origin });
  client.use({
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${key}`);
      return request;
    },
    onError: () => refused(0, null),
  });
  return client;
}
