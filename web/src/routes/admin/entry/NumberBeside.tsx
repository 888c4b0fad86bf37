/** What would happen to a call of a number, at a moment of one's choice; no call is made. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, OWN } from "~/api/client";
import { Problem } from "~/components/Notice/Problem";
import { moment } from "~/i18n/time";
import styles from "../Admin.module.css";

export function NumberBeside({ number }: { number: string }) {
  const { t } = useLingui();
  const [at, setAt] = useState("");
  const [caller, setCaller] = useState("");
  const [wished, setWished] = useState<{ at: string; caller: string } | null>(null);
  const asked = useQuery({
    queryKey: ["what-if", number, wished],
    enabled: wished !== null,
    queryFn: () =>
      answer(
        api.GET("/v1/domains/{domain}/numbers/{number}/what-if", {
          params: {
            path: { domain: OWN, number },
            query: {
              ...(wished?.at ? { at: new Date(wished.at).toISOString() } : {}),
              ...(wished?.caller ? { caller: wished.caller } : {}),
            },
          },
        }),
      ),
  });
  return (
    <section className={`card ${styles.group}`} aria-label={t`What happens if a call comes`}>
      <h2 className={styles.groupTitle}>
        <Trans>What happens if a call comes?</Trans>
      </h2>
      <form
        className={styles.row}
        onSubmit={(event) => {
          event.preventDefault();
          setWished({ at, caller });
          if (wished?.at === at && wished.caller === caller) void asked.refetch();
        }}
      >
        <TextInput type="datetime-local" label={t`When (now if empty)`} value={at} onChange={({ currentTarget }) => setAt(currentTarget.value)} />
        <TextInput
          label={t`Who calls`}
          placeholder={t`anybody`}
          maxLength={32}
          value={caller}
          onChange={({ currentTarget }) => setCaller(currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={asked.isFetching}>
          <Trans>Show</Trans>
        </Button>
      </form>
      <Problem problem={asked.error} />
      {asked.data && (
        <ol className={styles.stack} style={{ gap: 4, marginBottom: 0 }}>
          {asked.data.steps.map((step, place) => (
            <li key={place}>
              <span className={styles.when}>{moment(step.at, Date.now())}</span> <bdi>{step.text}</bdi>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
