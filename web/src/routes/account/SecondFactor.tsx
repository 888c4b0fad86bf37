/** A second factor for the log-in: taken into use with an app's picture and one of its codes, and taken away. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { answer, api, type Schemas } from "~/api/client";
import { Refused } from "~/api/problem";
import { say } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { Picture } from "./Picture";
import styles from "./account.module.css";

type Step =
  | { kind: "idle" }
  | { kind: "offered"; offer: Schemas["TotpItem"] }
  | { kind: "recovery"; codes: string[] }
  | { kind: "removing" };

/** With `due` nothing else is open to her before it is set up; then all of it is loaded anew. */
export function SecondFactor({ due }: { due: boolean }) {
  const { t } = useLingui();
  const [step, setStep] = useState<Step>({ kind: "idle" });
  const [problem, setProblem] = useState<unknown>(null);
  const go = (next: Step) => {
    setProblem(null);
    setStep(next);
  };

  const refuse = (refusal: unknown) => {
    const wrong = refusal instanceof Refused && refusal.kind === "wrong_code";
    setProblem(wrong ? new Error(t`The code is wrong or was used already. Wait for the next one.`) : refusal);
  };

  const offer = async () => {
    try {
      go({ kind: "offered", offer: await answer(api.POST("/v1/auth/totp")) });
    } catch (refusal) {
      // One is in use already: what can be done is to take it away.
      if (refusal instanceof Refused && refusal.kind === "second_factor_on") go({ kind: "removing" });
      else setProblem(refusal);
    }
  };
  const confirm = async (code: string) => {
    try {
      const { recovery_codes: codes } = await answer(api.POST("/v1/auth/totp/confirm", { body: { code } }));
      go({ kind: "recovery", codes });
    } catch (refusal) {
      refuse(refusal);
    }
  };
  const remove = async (code: string) => {
    try {
      await answer(api.DELETE("/v1/auth/totp", { body: { code } }));
      say(t`The second factor is taken away.`);
      go({ kind: "idle" });
    } catch (refusal) {
      refuse(refusal);
    }
  };

  return (
    <section className="card" aria-label={t`Second factor`}>
      <h2 className={styles.title}>
        <Trans>Second factor</Trans>
      </h2>
      <div className={styles.steps}>
        {step.kind === "idle" && (
          <>
            <p className={styles.dim}>
              <Trans>Besides your password, the log-in then asks for a code of an app on your telephone.</Trans>
            </p>
            <Button variant="default" onClick={() => void offer()}>
              <Trans>Set up or take away</Trans>
            </Button>
          </>
        )}
        {step.kind === "offered" && (
          <>
            <p>
              <Trans>Let the app read this picture, or type the secret into it. Then enter the code that it shows.</Trans>
            </p>
            <Picture text={step.offer.uri} label={t`The secret as a picture`} />
            <code className={styles.secret}>{step.offer.secret}</code>
            <Code word={t`Take into use`} onCode={confirm} />
          </>
        )}
        {step.kind === "recovery" && (
          <>
            <p>
              <Trans>
                The second factor is in use. Each of these codes is good once, if the app is lost: print them, or keep
                them where you keep passwords. They are shown only now.
              </Trans>
            </p>
            <ul className={styles.codes}>
              {step.codes.map((code) => (
                <li key={code}>
                  <code>{code}</code>
                </li>
              ))}
            </ul>
            <Button onClick={() => (due ? location.assign("/") : go({ kind: "idle" }))}>
              <Trans>I have kept them</Trans>
            </Button>
          </>
        )}
        {step.kind === "removing" && (
          <>
            <p>
              <Trans>A second factor is in use. To take it away, enter a code of it, or a recovery code.</Trans>
            </p>
            <Code word={t`Take away`} onCode={remove} />
          </>
        )}
        <Problem problem={problem} />
      </div>
    </section>
  );
}

function Code({ word, onCode }: { word: string; onCode(code: string): Promise<void> }) {
  const { t } = useLingui();
  const [code, setCode] = useState("");
  const [busy, setBusy] = useState(false);
  const go = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    await onCode(code.trim());
    setBusy(false);
  };
  return (
    <form className={styles.code} onSubmit={(event) => void go(event)}>
      <TextInput
        label={t`Code`}
        autoComplete="one-time-code"
        autoFocus
        required
        withAsterisk={false}
        maxLength={64}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <Button type="submit" loading={busy}>
        {word}
      </Button>
    </form>
  );
}
