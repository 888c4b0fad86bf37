/** Doing what a supervisor asks for: one request for each step, what was refused in words, and a way back. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { answer, api, once, OWN, type Schemas } from "~/api/client";
import { sayProblem } from "~/components/Notice/notice";
import type { Agent } from "~/live/fold";
import { useLive } from "~/live/live";
import { type Step, undo } from "./acts";

const UNDO_TIME = 20_000;

/** Carries out one step; throws what was refused. */
export async function carryOut(extension: string, { verb, queue, reason }: Step): Promise<Schemas["ActionResult"]> {
  const params = { path: { domain: OWN, extension }, header: once() };
  const wish = { params, body: { queue, ...(reason ? { reason } : {}) } };
  switch (verb) {
    case "login":
      return answer(api.POST("/v1/domains/{domain}/agents/{extension}/login", wish));
    case "logout":
      return answer(api.POST("/v1/domains/{domain}/agents/{extension}/logout", wish));
    case "ready":
      return answer(api.POST("/v1/domains/{domain}/agents/{extension}/ready", wish));
    case "not-ready":
      return answer(api.POST("/v1/domains/{domain}/agents/{extension}/not-ready", wish));
    case "wrap-up":
      return answer(api.POST("/v1/domains/{domain}/agents/{extension}/wrap-up", wish));
  }
}

/** What a function does, once at a time, with its failure told. */
export function useDoing(): { busy: boolean; doing: (what: () => Promise<void>) => Promise<void> } {
  const [busy, setBusy] = useState(false);
  const doing = async (what: () => Promise<void>) => {
    setBusy(true);
    try {
      await what();
    } catch (problem) {
      sayProblem(problem);
    } finally {
      setBusy(false);
    }
  };
  return { busy, doing };
}

/** Forces an agent's state, and offers to take it back. */
export function useForce(): (agent: Agent, step: Step) => Promise<void> {
  const live = useLive();
  const { t } = useLingui();
  return async (before, step) => {
    const extension = before.extension;
    if (!extension) return;
    const { name } = before;
    const { items, pending } = await carryOut(extension, step);
    const refused = items.flatMap((item) => ("error" in item ? [`${item.queue}: ${item.error.title}`] : []));
    if (refused.length === items.length && refused.length > 0) throw new Error(refused.join(", "));
    const message = pending ? t`${name}: it happens when her call ends.` : t`${name}: done.`;
    const back = async () => {
      notifications.hide(id);
      try {
        for (const one of undo(before, live.agent(extension))) await carryOut(extension, one);
      } catch (problem) {
        sayProblem(problem);
      }
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

/** A button that asks once more before it hurts somebody. */
export function Surely({ ask, act, yes, busy, onYes }: {
  ask: string;
  act: string;
  yes: string;
  busy: boolean;
  onYes: () => void;
}) {
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <Button variant="default" size="xs" disabled={busy} onClick={() => setAsked(true)}>
        {act}
      </Button>
    );
  }
  return (
    <span role="group" aria-label={ask} style={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: "0.5rem" }}>
      <span>{ask}</span>
      <Button color="red" size="xs" loading={busy} autoFocus onClick={onYes}>
        {yes}
      </Button>
      <Button variant="default" size="xs" onClick={() => setAsked(false)}>
        <Trans>No</Trans>
      </Button>
    </span>
  );
}
