/** How she is reached: not at all for a while, or on her personal phone. It holds at once. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Radio, Stack, Switch, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { answer, api, OWN, type Schemas } from "~/api/client";
import { useMe } from "~/api/me";
import { say } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { useAgent } from "~/live/live";
import { dialable } from "~/live/targets";
import { REACH, reached } from "./reached";
import styles from "./account.module.css";

type Reached = Schemas["ReachItem"];
type Wish = Schemas["ReachBody"];

const params = { path: { domain: OWN, extension: OWN } };

export function Reach() {
  const client = useQueryClient();
  const agent = useAgent(useMe().extension);
  const { data, error, refetch } = useQuery({
    queryKey: REACH,
    queryFn: reached,
    staleTime: 0,
  });
  // Changed by a code at her phone, or by an administrator.
  const elsewhere = agent && `${agent.dnd} ${agent.forward_when}`;
  const seen = useRef(elsewhere);
  useEffect(() => {
    if (elsewhere === seen.current) return;
    seen.current = elsewhere;
    void client.invalidateQueries({ queryKey: REACH });
  }, [client, elsewhere]);
  return (
    <section className="card" aria-labelledby="reach">
      <h2 id="reach" className={styles.title}>
        <Trans>How you are reached</Trans>
      </h2>
      <Problem problem={error} again={() => void refetch()} />
      {data && <Form known={data} />}
    </section>
  );
}

/** What she has changed and not saved; all else is as the server has it. */
interface Typed {
  dnd?: boolean;
  phone?: string;
  when?: Reached["forward_when"];
}

/** What is to be saved: what differs and nothing else, so that what somebody else has changed stays. Null: no number. */
function wishOf(typed: Typed, known: Reached): Wish | null {
  const text = typed.phone ?? known.personal_phone ?? "";
  const number = text.trim() === "" ? "" : dialable(text);
  if (number === null) return null;
  const dnd = typed.dnd ?? known.dnd;
  const forward = number ? (typed.when ?? known.forward_when) : "never";
  return {
    ...(dnd === known.dnd ? {} : { dnd }),
    ...(number === (known.personal_phone ?? "") ? {} : { personal_phone: number }),
    ...(forward === known.forward_when ? {} : { forward_when: forward }),
  };
}

function Form({ known }: { known: Reached }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [typed, setTyped] = useState<Typed>({});
  /** What there was when she began to type. */
  const [begun, setBegun] = useState(known);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const change = (next: Typed) => {
    if (Object.keys(typed).length === 0) setBegun(known);
    setTyped({ ...typed, ...next });
  };
  const phone = typed.phone ?? known.personal_phone ?? "";
  const wish = wishOf(typed, known);
  const number = phone.trim() !== "" && dialable(phone) !== null;
  const when = number ? (typed.when ?? known.forward_when) : "never";

  const save = async () => {
    if (!wish) return;
    setBusy(true);
    setProblem(null);
    try {
      const now = await answer(api.PATCH("/v1/domains/{domain}/agents/{extension}/reach", { params, body: wish }));
      client.setQueryData(REACH, now);
      setTyped({});
      say(t`Saved.`);
    } catch (refusal) {
      setProblem(refusal);
      // It may be refused for what is different there by now.
      void client.invalidateQueries({ queryKey: REACH });
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
        checked={typed.dnd ?? known.dnd}
        onChange={({ currentTarget }) => change({ dnd: currentTarget.checked })}
      />
      <TextInput
        type="tel"
        label={t`Personal phone`}
        description={t`A number outside, such as your mobile; nobody calls it unless you forward.`}
        value={phone}
        error={wish === null && t`Digits, with + for other countries.`}
        onChange={({ currentTarget }) => change({ phone: currentTarget.value })}
      />
      <Radio.Group
        label={t`Calls for you go to it`}
        value={when}
        onChange={(value) => change({ when: value as Reached["forward_when"] })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="never" label={t`Never`} />
          <Radio value="offline" disabled={!number} label={t`While no phone of yours is connected`} />
          <Radio value="no_answer" disabled={!number} label={t`When you do not answer`} />
          <Radio value="always" disabled={!number} label={t`Always`} description={t`You accept each with the key 1, so that no mailbox takes it.`} />
        </Stack>
      </Radio.Group>
      <Meanwhile typed={typed} begun={begun} known={known} />
      <Problem problem={problem} />
      <Button type="submit" loading={busy} disabled={wish === null || Object.keys(wish).length === 0}>
        <Trans>Save</Trans>
      </Button>
    </form>
  );
}

/** What she is changing was changed elsewhere, too: she decides. */
function Meanwhile({ typed, begun, known }: { typed: Typed; begun: Reached; known: Reached }) {
  const changed =
    (typed.dnd !== undefined && begun.dnd !== known.dnd) ||
    (typed.phone !== undefined && begun.personal_phone !== known.personal_phone) ||
    (typed.when !== undefined && begun.forward_when !== known.forward_when);
  if (!changed) return null;
  const phone = known.personal_phone;
  return (
    <p role="status" className={styles.meanwhile}>
      {typed.phone !== undefined && begun.personal_phone !== phone ? (
        phone ? (
          <Trans>Meanwhile the personal phone was changed elsewhere to {phone}. Saving puts yours in its place.</Trans>
        ) : (
          <Trans>Meanwhile the personal phone was removed elsewhere. Saving puts yours in its place.</Trans>
        )
      ) : (
        <Trans>Meanwhile this was changed elsewhere, too. Saving puts yours in its place.</Trans>
      )}
    </p>
  );
}
