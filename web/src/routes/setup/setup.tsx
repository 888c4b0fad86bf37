/** Makes the owner's login with the token of the set-up link. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Anchor, Button, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { createLazyRoute, Link } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "~/api/client";
import { session } from "~/api/session";
import { Entrance } from "~/components/Entrance/Entrance";
import { Problem } from "~/components/Notice/Problem";
import { setupSecret } from "./routes";

export const page = createLazyRoute("/setup")({ component: Setup });

function Setup() {
  const { t } = useLingui();
  const token = setupSecret();
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const form = useForm({ mode: "uncontrolled", initialValues: { email: "", password: "" } });

  const setUp = form.onSubmit(async ({ email, password }) => {
    setProblem(null);
    setBusy(true);
    try {
      await answer(api.POST("/v1/auth/setup", { body: { token, email, password } }));
      await logIn(email, password);
      setDone(true);
    } catch (refusal) {
      setProblem(refusal);
    } finally {
      setBusy(false);
    }
  });

  if (!token) {
    return (
      <Entrance title={t`Set up the owner`}>
        <Problem
          problem={
            new Error(t`This address lacks the part after #. Open the whole link that the server printed when it started.`)
          }
        />
      </Entrance>
    );
  }
  if (done) {
    return (
      <Entrance title={t`The owner is set up`}>
        <p>
          <Trans>
            The server goes on listening on this machine only until it is started again; then it listens as{" "}
            <code>http.listen</code> says.
          </Trans>
        </p>
        {session.token ? (
          <Button renderRoot={(props) => <Link to="/admin/start" {...props} />}>
            <Trans>Go on to the first call</Trans>
          </Button>
        ) : (
          <Anchor component={Link} to="/login">
            <Trans>Log in</Trans>
          </Anchor>
        )}
      </Entrance>
    );
  }
  return (
    <Entrance title={t`Set up the owner`}>
      <p>
        <Trans>The owner may do everything on this server. The link works once.</Trans>
      </p>
      <form onSubmit={setUp} style={{ display: "contents" }}>
        <TextInput
          label={t`Email`}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          maxLength={254}
          key={form.key("email")}
          {...form.getInputProps("email")}
        />
        <PasswordInput
          label={t`Password`}
          description={t`At least 8 characters.`}
          autoComplete="new-password"
          required
          withAsterisk={false}
          minLength={8}
          maxLength={128}
          visibilityToggleButtonProps={{ "aria-label": t`Show the password` }}
          key={form.key("password")}
          {...form.getInputProps("password")}
        />
        <Problem problem={problem} />
        <Button type="submit" loading={busy}>
          <Trans>Set up</Trans>
        </Button>
      </form>
    </Entrance>
  );
}

/** The owner goes on without typing it all again; if that does not work, the page leads to the log-in. */
async function logIn(email: string, password: string): Promise<void> {
  const asked = await api.POST("/v1/auth/login", { body: { email, password } });
  if (asked.data) session.begin(asked.data.token, asked.data);
}
