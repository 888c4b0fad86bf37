/** Who is logged in, for everything inside. */
import { createContext, useContext } from "react";
import type { Me } from "./session";

const Context = createContext<Me | null>(null);

export const MeOf = Context.Provider;

export function useMe(): Me {
  const me = useContext(Context);
  if (!me) throw new Error("useMe is used where nobody is logged in");
  return me;
}
