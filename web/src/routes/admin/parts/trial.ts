/** A change that is tried first: what it would do is shown, then it is done. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type Provisioned, provision } from "../model/call";
import type { Call } from "../model/curl";

interface Trial {
  /** What would be done; null while nobody knows, or if it is refused. */
  tried: Provisioned | null;
  problem: unknown;
  busy: boolean;
  why: string;
  setWhy(why: string): void;
  apply(): void;
}

export function useTrial(call: Call, raw: BodyInit | undefined, onDone: (made: Provisioned) => void): Trial {
  const client = useQueryClient();
  const [why, setWhy] = useState("");
  const [tried, setTried] = useState<Provisioned | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function ask(dryRun: boolean) {
    setBusy(true);
    setProblem(null);
    try {
      const made = await provision(call, { dryRun, why, ...(raw === undefined ? {} : { raw }) });
      if (dryRun) setTried(made);
      else {
        await client.invalidateQueries({ queryKey: ["provisioning"] });
        onDone(made);
      }
    } catch (refusal) {
      setTried(null);
      setProblem(refusal);
    } finally {
      setBusy(false);
    }
  }

  const what = JSON.stringify(call);
  useEffect(() => void ask(true), [what, raw]);

  return { tried, problem, busy, why, setWhy, apply: () => void ask(false) };
}
