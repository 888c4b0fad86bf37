/** Where the steps of a flow stand in its picture: from left to right as a caller goes. */
import type { Entry } from "../model/json";
import { idOf, waysOf } from "./steps";

export interface Spot {
  x: number;
  y: number;
}

export const WIDTH = 240;
const COLUMN = WIDTH + 90;
const GAP = 36;
const HEAD = 66;
const WAY = 26;

export const heightOf = (step: Entry): number => HEAD + waysOf(step).length * WAY;

/** Each step in the column of its shortest way from the beginning; what nothing leads to stands at the left, below. */
export function layout(steps: readonly Entry[]): Map<string, Spot> {
  const by = new Map(steps.map((step) => [idOf(step), step]));
  const depth = new Map<string, number>();
  const queue = steps[0] ? [idOf(steps[0])] : [];
  if (queue[0] !== undefined) depth.set(queue[0], 0);
  for (let at = 0; at < queue.length; at += 1) {
    const id = queue[at] ?? "";
    const step = by.get(id);
    if (!step) continue;
    for (const { to } of waysOf(step)) {
      if (!by.has(to) || depth.has(to)) continue;
      depth.set(to, (depth.get(id) ?? 0) + 1);
      queue.push(to);
    }
  }
  const lost = steps.map(idOf).filter((id) => !depth.has(id));
  const bottoms = new Map<number, number>();
  const spots = new Map<string, Spot>();
  for (const id of [...queue, ...lost]) {
    const column = depth.get(id) ?? 0;
    const step = by.get(id);
    if (!step || spots.has(id)) continue;
    const y = bottoms.get(column) ?? 0;
    spots.set(id, { x: column * COLUMN, y });
    bottoms.set(column, y + heightOf(step) + GAP);
  }
  return spots;
}
