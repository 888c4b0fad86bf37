/** How she is reached: not at all for a while, or on her personal phone. It holds at once. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Radio, Stack, Switch, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, OWN, type Schemas } from "~/api/client";
import { say } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { dialable } from "~/live/targets";
import styles from "./account.module.css";

type Reached = Schemas["ReachItem"];

const params = { path: { domain: OWN, extension: OWN } };
const KEY = ["reach"];

export function Reach() {
  const { data, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: () => answer(api.GET("/v1/domains/{domain}/agents/{extension}/reach", { params })),
    refetchOnWindowFocus: false,
  });
  return (
    <section className="card" aria-labelledby="reach">
      <h2 id="reach" className={styles.title}>
        <Trans>How you are reached</Trans>
      </h2>
      <Problem problem={error} again={() => void refetch()} />
      {data && <Form first={data} />}
    </section>
  );
}

function Form({ first }: { first: Reached }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [known, setKnown] = useState(first);
  const [dnd, setDnd] = useState(first.dnd);
  const [phone, setPhone] = useState(first.personal_phone ?? "");
  const [when, setWhen] = useState(first.forward_when);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const number = phone.trim() === "" ? "" : dialable(phone);
  const forward = number ? when : "never";
  const same = dnd === known.dnd && number === (known.personal_phone ?? "") && forward === known.forward_when;

  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const body: Schemas["ReachBody"] = { dnd, forward_when: forward, personal_phone: number };
      const now = await answer(api.PATCH("/v1/domains/{domain}/agents/{extension}/reach", { params, body }));
      setKnown(now);
      client.setQueryData(KEY, now);
      say(t`Saved.`);
    } catch (refusal) {
      setProblem(refusal);
    }
    setBusy(false);
  };

  return (
    <form
      className={styles.steps}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Switch
        label={t`Do not disturb`}
        description={t`No queue offers you calls, and who dials you comes to your mailbox.`}
        checked={dnd}
        onChange={({ currentTarget }) => setDnd(currentTarget.checked)}
      />
      <TextInput
        type="tel"
        label={t`Personal phone`}
        description={t`A number outside, such as your mobile; nobody calls it unless you forward.`}
        value={phone}
        error={number === null && t`Digits, with + for other countries.`}
        onChange={({ currentTarget }) => setPhone(currentTarget.value)}
      />
      <Radio.Group
        label={t`Calls for you go to it`}
        value={forward}
        onChange={(value) => setWhen(value as Reached["forward_when"])}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="never" label={t`Never`} />
          <Radio value="offline" disabled={!number} label={t`While no phone of yours is connected`} />
          <Radio value="no_answer" disabled={!number} label={t`When you do not answer`} />
          <Radio value="always" disabled={!number} label={t`Always`} description={t`You accept each with the key 1, so that no mailbox takes it.`} />
        </Stack>
      </Radio.Group>
      <Problem problem={problem} />
      <Button type="submit" loading={busy} disabled={same || number === null}>
        <Trans>Save</Trans>
      </Button>
    </form>
  );
}
