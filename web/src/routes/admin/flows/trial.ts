/** A caller by script in a flow that is not saved: the server plays its tests before it takes it. */
import { faultsOf } from "../parts/Faults";

/** An expectation that nothing meets, so that the server says what came instead. */
export const UNMET = "to queue 99999999999999999999";
const NAME = "-";

export const trialTest = (script: readonly string[]) => ({ name: NAME, script: [...script], expect: [UNMET] });

export interface Met {
  /** What happened at last; null: nothing did. */
  happened: string[] | null;
  /** What else keeps the flow from being played. */
  wrong: string[];
}

const AT_LAST = "did not happen; at the end: ";

/** What the caller met, from the refusal of the test that cannot be met. */
export function met(problem: unknown): Met {
  const faults = faultsOf(problem);
  const played = faults.find(({ text }) => text.startsWith(`test \`${NAME}\` fails`) && text.includes(UNMET));
  const at = played ? played.text.indexOf(AT_LAST) : -1;
  if (played) {
    const rest = at < 0 ? "" : played.text.slice(at + AT_LAST.length);
    return { happened: rest === "" ? null : rest.split(/\n|; /).map((line) => line.trim().replace(/\s{2,}/, " · ")), wrong: [] };
  }
  return { happened: null, wrong: faults.filter(({ edit }) => edit !== null).map(({ text }) => text) };
}
