/** A test call: the phone rings, and the page sees it. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { answer, api, once, OWN } from "~/api/client";
import { Problem } from "~/components/Notice/Problem";
import { useCalls } from "~/live/live";
import { Check } from "./Step";

interface Props {
  extension: string;
  /** Where the call leads once it is answered. */
  queue: string;
  onRang(): void;
}

export function RingStep({ extension, queue, onRang }: Props) {
  const { t } = useLingui();
  const calls = useCalls();
  const [id, setId] = useState<string | null>(null);
  const [rings, setRings] = useState(false);
  const call = useMutation({
    mutationFn: () =>
      answer(
        api.POST("/v1/domains/{domain}/agents/{extension}/calls", {
          params: { path: { domain: OWN, extension }, header: once() },
          body: { to: queue },
        }),
      ),
    onSuccess: (made) => setId(made.id),
  });
  const leg = calls.find((one) => one.id === id)?.legs.find((one) => one.extension === extension || one.agent === extension);
  const heard = !!leg && (!!leg.ringing_at || !!leg.answered_at);
  const answered = !!leg?.answered_at;

  useEffect(() => {
    if (!heard) return;
    setRings(true);
    onRang();
  }, [heard]);

  return (
    <>
      <p style={{ margin: 0 }}>
        <Trans>
          Extension {extension} is called. Pick up: you hear what callers of queue {queue} hear. Hang up when you have heard
          enough.
        </Trans>
      </p>
      <Problem problem={call.error} />
      <div>
        <Button loading={call.isPending} onClick={() => call.mutate()}>
          <Trans>Let it ring</Trans>
        </Button>
      </div>
      {id && (
        <Check good={rings}>
          {answered ? t`It was answered.` : rings ? t`It rings. Pick up!` : t`The call is on its way …`}
        </Check>
      )}
    </>
  );
}
