/**
 * The beginning of a shift: which phone rings, what it sounds through, and the click that lets the browser ring at all.
 */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Radio, Skeleton, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sayProblem } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { phoneAccount } from "~/softphone/account";
import { usePhone } from "~/softphone/phone";
import type { Mode } from "~/softphone/shift";
import { useAgent } from "~/live/live";
import { act } from "~/live/acts";
import desk from "../desk.module.css";
import { Sound } from "./Sound";

const FRESH_TIME = 5 * 60_000;

export function StartShift({ extension }: { extension: string }) {
  const { t } = useLingui();
  const phone = usePhone();
  const account = useQuery({ queryKey: ["phone"], queryFn: phoneAccount, staleTime: FRESH_TIME });
  const [chosen, setChosen] = useState<Mode | null>(null);
  const [busy, setBusy] = useState(false);
  if (account.isPending) return <Skeleton height={240} />;
  // A browser lets a page have the microphone only where nobody on the way can listen.
  const possible = Boolean(account.data) && window.isSecureContext && Boolean(navigator.mediaDevices);
  const mode = chosen ?? (possible ? "browser" : "phone");

  const begin = async () => {
    setBusy(true);
    try {
      if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
      if (mode === "browser") await allowMicrophone(t`The microphone is not allowed. Allow it in the browser's address bar, or choose another phone.`);
      await phone.begin(mode);
      await act(extension, "login");
    } catch (problem) {
      sayProblem(problem);
    }
    setBusy(false);
  };

  return (
    <section className={desk.card} aria-label={t`Start the shift`}>
      <div>
        <h2 className={desk.cardTitle}>
          <Trans>Start the shift</Trans>
        </h2>
        <p className={desk.dim}>
          <Trans>You are logged in to your queues, and calls reach you as soon as you are ready.</Trans>
        </p>
      </div>
      <Radio.Group value={mode} onChange={(value) => setChosen(value as Mode)} label={t`Which phone rings?`}>
        <Stack gap="xs" mt="xs">
          <Radio
            value="browser"
            disabled={!possible}
            label={t`This browser`}
            description={account.data ? (possible ? t`With a headset, or microphone and speaker.` : t`Needs an address that begins with https.`) : account.error ? undefined : t`This server has no phones in browsers.`}
          />
          <Radio value="phone" label={t`Another phone`} description={<OtherPhone extension={extension} />} />
        </Stack>
      </Radio.Group>
      <Problem problem={account.error} again={() => void account.refetch()} />
      {mode === "browser" && <Sound />}
      <Button size="md" loading={busy} onClick={() => void begin()} style={{ alignSelf: "flex-start" }}>
        <Trans>Start the shift</Trans>
      </Button>
    </section>
  );
}

/** Whether the phone on her table can be reached. */
function OtherPhone({ extension }: { extension: string }) {
  const agent = useAgent(extension);
  return agent?.registered ? (
    <Trans>Your phone is registered. The desk controls its calls.</Trans>
  ) : (
    <Trans>No phone of yours is registered at the moment. The desk controls its calls as soon as one is.</Trans>
  );
}

/** Asks for the microphone now, not when somebody calls. */
async function allowMicrophone(refused: string): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => {
    throw new Error(refused);
  });
  stream.getTracks().forEach((track) => track.stop());
}
