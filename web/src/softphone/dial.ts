/** Calling somebody; in the browser her own side is answered by itself, for she has just asked for it. */
import { dial } from "~/live/acts";
import { usePhone } from "./phone";

export function useDial(extension: string): (to: string) => Promise<boolean> {
  const phone = usePhone();
  return async (to) => {
    if (phone.mode === "browser") phone.expect(to);
    const made = await dial(extension, to);
    if (!made) phone.unexpect();
    return made;
  };
}
