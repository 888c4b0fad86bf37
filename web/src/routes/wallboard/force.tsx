/** Forcing an agent's state: one request for each step, what was refused in words, and a way back. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { explain } from "~/api/problem";
import { sayProblem } from "~/components/Notice/notice";
import type { Agent } from "~/live/fold";
import { refusals, setState } from "~/live/acts";
import { useLive } from "~/live/live";
import { type Step, undo } from "./acts";

const UNDO_TIME = 20_000;

/** Takes all the steps, one after the other; gives what was refused on the way. */
export async function takeBack(extension: string, steps: Step[]): Promise<string[]> {
  const refused: string[] = [];
  for (const { verb, ...wish } of steps) {
    try {
      refused.push(...refusals(await setState(extension, verb, wish)));
    } catch (problem) {
      refused.push(`${wish.queue}: ${explain(problem)}`);
    }
  }
  return refused;
}

/** Forces an agent's state, and offers to take it back. */
export function useForce(): (agent: Agent, step: Step) => Promise<void> {
  const live = useLive();
  const { t } = useLingui();
  return async (before, step) => {
    const extension = before.extension;
    if (!extension) return;
    const { name } = before;
    const { verb, ...wish } = step;
    const result = await setState(extension, verb, wish);
    const refused = refusals(result);
    if (refused.length === result.items.length && refused.length > 0) throw new Error(refused.join(", "));
    const message = result.pending ? t`${name}: it happens when her call ends.` : t`${name}: done.`;
    const back = async () => {
      notifications.hide(id);
      const left = (await takeBack(extension, undo(before, live.agent(extension)))).join(", ");
      if (left) sayProblem(new Error(t`${name}: not all of it could be taken back. ${left}`));
    };
    const id = notifications.show({
      autoClose: UNDO_TIME,
      color: "cord",
      message: (
        <span style={{ display: "flex", alignItems: "center", gap: "0.75rem" }}>
          <span>
            {message} {refused.join(", ")}
          </span>
          <Button size="compact-sm" variant="default" onClick={() => void back()}>
            <Trans>Undo</Trans>
          </Button>
        </span>
      ),
    });
  };
}
