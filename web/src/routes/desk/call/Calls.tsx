/** Her calls at this moment; where there is none, the way to make one. */
import { useLingui } from "@lingui/react/macro";
import type { OwnCall } from "~/live/own";
import desk from "../desk.module.css";
import { CallCard } from "./CallCard";
import { Dial } from "./Dial";
import { Incoming } from "./Incoming";

export function Calls({ own, extension }: { own: OwnCall[]; extension: string }) {
  const { t } = useLingui();
  return (
    <section className={desk.stack} aria-label={t`Calls`}>
      {own.map((one) =>
        one.part === "ringing" ? (
          <Incoming key={one.call.id} own={one} extension={extension} />
        ) : (
          <CallCard key={one.call.id} own={one} extension={extension} />
        ),
      )}
      {own.length === 0 && <Dial extension={extension} />}
    </section>
  );
}
