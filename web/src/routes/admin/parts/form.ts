/** What all fields of a form share: what the server found wrong, by place. */
import { createContext, useContext } from "react";
import type { Fault } from "../model/call";
import { type Path, pointer } from "../model/json";

/** The names of the steps of the flow that is edited. */
export const StepNames = createContext<readonly string[]>([]);

export const Faults = createContext<readonly Fault[]>([]);

/** What is wrong at a place; with `deep` also with what is inside. */
export function useFault(path: Path, deep = false): string | undefined {
  const faults = useContext(Faults);
  const here = pointer(path);
  const found = faults.filter(({ pointer: at }) => at === here || (deep && at.startsWith(`${here}/`)));
  return found.length > 0 ? found.map(({ text }) => text).join(" ") : undefined;
}
