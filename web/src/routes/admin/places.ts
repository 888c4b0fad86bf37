/** The pages of administration, for whoever looks for one by its name. */
import { i18n } from "@lingui/core";
import { may, type Me } from "~/api/session";
import { words } from "~/i18n/i18n";
import { PARTS } from "./model/areas";
import { section } from "./model/sections";

export async function places(me: Me): Promise<{ to: string; word: string }[]> {
  await words("admin");
  return PARTS.flatMap(({ ways }) => ways).flatMap((way) => {
    if (typeof way !== "string") {
      const seen = way.to !== "/admin" && (!way.right || may(me, way.right));
      return seen ? [{ to: way.to as string, word: i18n._(way.word) }] : [];
    }
    const known = section(way);
    return known ? [{ to: `/admin/${way}`, word: i18n._(known.title) }] : [];
  });
}
