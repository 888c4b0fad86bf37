/** The plan that the server answers: a line for each thing that comes, goes or changes. */

export interface Line {
  what: "comes" | "goes" | "changes" | "other";
  text: string;
}

const SIGNS: Record<string, Line["what"]> = { "+": "comes", "-": "goes", "~": "changes" };

export function lines(plan: readonly string[]): Line[] {
  return plan.map((line) => {
    const what = SIGNS[line[0] ?? ""];
    return what && line[1] === " " ? { what, text: line.slice(2) } : { what: "other", text: line };
  });
}

/** How many come, go and change. */
export function counts(plan: readonly string[]): Record<Line["what"], number> {
  const sum = { comes: 0, goes: 0, changes: 0, other: 0 };
  for (const { what } of lines(plan)) sum[what] += 1;
  return sum;
}

/** The plan has nothing in it. */
export const isNothing = (plan: readonly string[]): boolean => plan.every((line) => line === "no changes");
