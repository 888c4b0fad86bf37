/** Shows whose an invitation is, and sets the first password. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Anchor, Button, Loader, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api, type Schemas } from "~/api/client";
import { Refused } from "~/api/problem";
import { Entrance } from "~/components/Entrance/Entrance";
import { Problem } from "~/components/Notice/Problem";
import { invitationSecret } from "./routes";

export const page = createLazyRoute("/invitation")({ component: Invitation });

function Invitation() {
  const { t } = useLingui();
  const token = invitationSecret();
  const invited = useQuery({
    queryKey: ["invitation"],
    queryFn: () => answer(api.POST("/v1/auth/invitation", { body: { token } })),
    enabled: token !== "",
    staleTime: Infinity,
  });
  if (invited.data) return <Welcome token={token} invited={invited.data} />;
  const lacking = new Error(t`This address lacks the part after #. Open the whole link of the mail.`);
  return (
    <Entrance title={t`Your invitation`}>
      {token && invited.isPending ? (
        <Loader aria-label={t`Loading`} />
      ) : (
        <>
          {token && invited.error instanceof Refused && invited.error.kind === "invitation_refused" && (
            <p>
              <Trans>This invitation does not hold any more.</Trans>
            </p>
          )}
          <Problem problem={token ? invited.error : lacking} />
        </>
      )}
    </Entrance>
  );
}

function Welcome({ token, invited }: { token: string; invited: Schemas["InvitedItem"] }) {
  const { t } = useLingui();
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const form = useForm({ mode: "uncontrolled", initialValues: { password: "" } });
  const { name, domain } = invited;

  const accept = form.onSubmit(async ({ password }) => {
    setProblem(null);
    setBusy(true);
    try {
      await answer(api.POST("/v1/auth/invitation/accept", { body: { token, password } }));
      setDone(true);
    } catch (refusal) {
      setProblem(refusal);
    } finally {
      setBusy(false);
    }
  });

  if (done) {
    return (
      <Entrance title={t`Your password is set`}>
        <Anchor component={Link} to="/login">
          <Trans>Log in</Trans>
        </Anchor>
      </Entrance>
    );
  }
  return (
    <Entrance title={t`Welcome, ${name}`}>
      <p>
        <Trans>You are invited to {domain}. Choose a password; calls reach you as soon as you have.</Trans>
      </p>
      <form onSubmit={accept} style={{ display: "contents" }}>
        <TextInput label={t`Email`} type="email" autoComplete="username" readOnly value={invited.email} />
        <PasswordInput
          label={t`Password`}
          description={t`At least 8 characters.`}
          autoComplete="new-password"
          required
          withAsterisk={false}
          autoFocus
          minLength={8}
          maxLength={128}
          visibilityToggleButtonProps={{ "aria-label": t`Show the password` }}
          key={form.key("password")}
          {...form.getInputProps("password")}
        />
        <Problem problem={problem} />
        <Button type="submit" loading={busy}>
          <Trans>Set the password</Trans>
        </Button>
      </form>
    </Entrance>
  );
}
