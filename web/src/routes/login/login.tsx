/** Log-in by password, with the code of a second factor if there is one, or by a provider. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "~/api/client";
import { Refused } from "~/api/problem";
import { session } from "~/api/session";
import { Entrance } from "~/components/Entrance/Entrance";
import { Problem } from "~/components/Notice/Problem";
import { providerProblem } from "./provider";

export const page = createLazyRoute("/login")({ component: Login });

function Login() {
  const { t } = useLingui();
  const [problem, setProblem] = useState<unknown>(null);
  const [second, setSecond] = useState(false);
  const [busy, setBusy] = useState(false);
  const form = useForm({ mode: "uncontrolled", initialValues: { email: "", password: "", code: "" } });

  const logIn = form.onSubmit(async ({ email, password, code }) => {
    setProblem(null);
    setBusy(true);
    try {
      const body = { email, password, ...(second ? { code: code.trim() } : {}) };
      const made = await answer(api.POST("/v1/auth/login", { body }));
      session.begin(made.token, made);
    } catch (refusal) {
      const kind = refusal instanceof Refused ? refusal.kind : null;
      if (kind === "second_factor_wanted") setSecond(true);
      else setProblem(inWords(refusal, kind));
    } finally {
      setBusy(false);
    }
  });

  function inWords(refusal: unknown, kind: string | null): unknown {
    if (kind !== "bad_credentials") return refusal;
    if (second) return new Error(t`The code is wrong or was used already. Wait for the next one.`);
    return new Error(t`Email or password is wrong.`);
  }

  return (
    <Entrance title={t`Log in`}>
      <Ended />
      <form onSubmit={logIn} style={{ display: "contents" }}>
        <TextInput
          label={t`Email`}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          key={form.key("email")}
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label={t`Password`}
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": t`Show the password` }}
          key={form.key("password")}
          {...form.getInputProps("password")}
        />
        {second && (
          <TextInput
            label={t`Code`}
            description={t`From your authenticator app, or one of your recovery codes.`}
            autoComplete="one-time-code"
            inputMode="text"
            required
            withAsterisk={false}
            data-autofocus
            autoFocus
            maxLength={64}
            key={form.key("code")}
            {...form.getInputProps("code")}
          />
        )}
        <Problem problem={problem} />
        <Button type="submit" loading={busy}>
          <Trans>Log in</Trans>
        </Button>
      </form>
      <ByProvider />
    </Entrance>
  );
}

/** Why she sees this page, if she did not wish to. */
function Ended() {
  const { t } = useLingui();
  const said = providerProblem() ?? (session.ended ? t`Your login has ended. Log in again to go on.` : null);
  return said === null ? null : <Problem problem={new Error(said || t`The log-in did not work.`)} />;
}

function ByProvider() {
  const { t } = useLingui();
  const { data } = useQuery({ queryKey: ["oidc"], queryFn: () => answer(api.GET("/v1/auth/oidc")) });
  const name = data?.name ?? "OpenID";
  if (!data?.offered) return null;
  return (
    <Button component="a" href="/v1/auth/oidc/start" variant="default">
      {/* No markup here and wherever others chose a name: what stands in it would be taken for some. */}
      {t`Log in with ${name}`}
    </Button>
  );
}
