/** Who is logged in, for everything inside. */
import { createContext, useContext } from "react";
import type { Me } from "./session";

const Context = createContext<Me | null>(null);

export const MeOf = Context.Provider;

/** Whose phone and shift it is: two domains may have the same extension. */
export const accountOf = ({ extension, domain }: Pick<Me, "extension" | "domain">): string => `${extension ?? ""}@${domain}`;

/** Whose notes they are: an extension may be somebody else's one day. */
export const personOf = (me: Pick<Me, "extension" | "domain" | "name">): string => `${accountOf(me)} ${me.name}`;

export function useMe(): Me {
  const me = useContext(Context);
  if (!me) throw new Error("useMe is used where nobody is logged in");
  return me;
}
