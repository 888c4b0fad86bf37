/** Changing one's own state, where a shift that was to end after the call may go on. */
import { act, type Verb, type Wish } from "~/live/acts";
import { usePhone } from "./phone";

export function useAct(extension: string): (verb: Verb, wish?: Wish) => Promise<boolean> {
  const phone = usePhone();
  return async (verb, wish) => {
    const done = await act(extension, verb, wish);
    if (done && (verb === "ready" || verb === "login")) phone.stay();
    return done;
  };
}
