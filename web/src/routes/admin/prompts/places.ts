/** A place where a prompt is played, as the server names it: `queue 8000 moh`, `flow 7010 step menu prompts`. */

export interface Place {
  kind: string;
  /** What the entry is known by. */
  key: string;
  /** The step of a flow. */
  step: string | null;
  field: string;
}

export function placeOf(text: string): Place | null {
  const found = /^(\S+) (.+?)(?: step (\S+))? (\S+)$/.exec(text);
  const [, kind, key, step, field] = found ?? [];
  return kind && key && field ? { kind, key, step: step ?? null, field } : null;
}
