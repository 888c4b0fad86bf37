/** The domain's own sounds: heard, uploaded, recorded, spoken from text, removed. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Loader } from "@mantine/core";
import { Dialog } from "~/components/Dialog/Dialog";
import { IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api, blob, OWN, type Schemas } from "~/api/client";
import { Refused } from "~/api/problem";
import { may } from "~/api/session";
import { say } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { Empty, Page } from "~/components/Page/Page";
import { Sound } from "~/components/Sound/Sound";
import { clock, moment } from "~/i18n/time";
import { useMe } from "~/api/me";
import { domainPath } from "../model/call";
import { listed } from "../model/listed";
import { Make } from "./Make";
import { Used } from "./Used";
import styles from "../Admin.module.css";

export const page = createLazyRoute("/inside/admin/prompts")({ component: Prompts });

type Prompt = Schemas["PromptItem"];

const soundPath = ({ name, language }: Pick<Prompt, "name" | "language">): string =>
  `${domainPath("prompts", name, "audio")}?language=${encodeURIComponent(language)}`;

function Prompts() {
  const { t } = useLingui();
  const me = useMe();
  const client = useQueryClient();
  const [making, setMaking] = useState<{ prompt: Prompt | null } | null>(null);
  const [gone, setGone] = useState<Prompt | null>(null);
  const writes = may(me, "provisioning");
  const asked = useQuery({
    queryKey: ["prompts"],
    queryFn: () => listed<Schemas["List_PromptItem"]>(api.GET("/v1/domains/{domain}/prompts", { params: { path: { domain: OWN } } })),
  });
  const again = () => {
    void client.invalidateQueries({ queryKey: ["prompts"] });
    void client.invalidateQueries({ queryKey: ["provisioning", "prompts"] });
  };
  return (
    <Page
      title={t`Prompts`}
      actions={
        writes && (
          <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={() => setMaking({ prompt: null })}>
            <Trans>Add a prompt</Trans>
          </Button>
        )
      }
    >
      <section className="card">
        <Problem problem={asked.error} again={() => void asked.refetch()} />
        {asked.isPending && <Loader size="sm" aria-label={t`Loading`} />}
        {asked.data?.items.length === 0 && (
          <Empty title={t`No prompts of your own yet`}>
            {t`The built-in ones are always there. Add your own greeting: upload it, record it, or have a text spoken.`}
          </Empty>
        )}
        {asked.data && asked.data.items.length > 0 && (
          <div className={styles.scroll} tabIndex={0} role="region" aria-label={t`Prompts`}>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">{t`Name`}</th>
                  <th scope="col">{t`Language`}</th>
                  <th scope="col">{t`Sound`}</th>
                  <th scope="col">{t`Used by`}</th>
                  <th scope="col">{t`Changed`}</th>
                  <th scope="col">
                    <span className="visually-hidden">{t`Actions`}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {asked.data.items.map((prompt) => (
                  <Row
                    key={`${prompt.language}/${prompt.name}`}
                    prompt={prompt}
                    writes={writes}
                    onChange={() => setMaking({ prompt })}
                    onRemove={() => setGone(prompt)}
                  />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
      <Dialog
        opened={making !== null}
        onClose={() => setMaking(null)}
        size="lg"
        title={making?.prompt ? t`Exchange the sound` : t`Add a prompt`}
      >
        {making && (
          <Make
            prompt={making.prompt}
            languages={[...new Set(asked.data?.items.map(({ language }) => language))]}
            onMade={() => {
              setMaking(null);
              again();
            }}
          />
        )}
      </Dialog>
      <Dialog opened={gone !== null} onClose={() => setGone(null)} title={t`Remove the prompt?`}>
        {gone && (
          <RemovePrompt
            prompt={gone}
            onClose={() => setGone(null)}
            onGone={() => {
              setGone(null);
              again();
            }}
          />
        )}
      </Dialog>
    </Page>
  );
}

interface RowProps {
  prompt: Prompt;
  writes: boolean;
  onChange(): void;
  onRemove(): void;
}

function Row({ prompt, writes, onChange, onRemove }: RowProps) {
  const { name } = prompt;
  const { t } = useLingui();
  return (
    <tr>
      <td>
        <strong>{name}</strong>
        {prompt.text && (
          <bdi className={`${styles.clip} ${styles.none}`} dir="auto">
            {prompt.text}
          </bdi>
        )}
      </td>
      <td>{prompt.language}</td>
      <td>
        <Sound
          key={prompt.changed_at}
          name={name}
          length={clock(prompt.seconds * 1000)}
          load={() => blob(soundPath(prompt))}
        />
      </td>
      <td>
        <Used places={prompt.used_by} />
      </td>
      <td>
        <span className={styles.when}>{moment(prompt.changed_at, Date.now())}</span> <bdi>{prompt.changed_by}</bdi>
      </td>
      <td>
        {writes && (
          <div className={styles.row}>
            <Button size="compact-xs" variant="subtle" aria-label={t`Exchange ${name}`} onClick={onChange}>
              <Trans>Exchange</Trans>
            </Button>
            <Button size="compact-xs" variant="subtle" className={styles.danger!} aria-label={t`Remove ${name}`} onClick={onRemove}>
              <Trans>Remove</Trans>
            </Button>
          </div>
        )}
      </td>
    </tr>
  );
}

function RemovePrompt({ prompt, onClose, onGone }: { prompt: Prompt; onClose(): void; onGone(): void }) {
  const { t } = useLingui();
  const [problem, setProblem] = useState<unknown>(null);
  const used = problem instanceof Refused && problem.kind === "prompt_in_use";
  async function remove(force: boolean) {
    setProblem(null);
    try {
      await answer(
        api.DELETE("/v1/domains/{domain}/prompts/{name}", {
          params: { path: { domain: OWN, name: prompt.name }, query: { language: prompt.language, ...(force ? { force } : {}) } },
        }),
      );
      say(t`Removed.`);
      onGone();
    } catch (refusal) {
      setProblem(refusal);
    }
  }
  return (
    <div className={styles.stack}>
      <p style={{ margin: 0 }}>{prompt.used_by.length > 0 ? <Trans>It is played by:</Trans> : <Trans>Nothing plays it.</Trans>}</p>
      {prompt.used_by.length > 0 && <Used places={prompt.used_by} />}
      <Problem problem={problem} />
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose}>
          <Trans>Keep it</Trans>
        </Button>
        <Button color="brick" onClick={() => void remove(used)}>
          {used ? <Trans>Remove it, and have silence there</Trans> : <Trans>Remove</Trans>}
        </Button>
      </div>
    </div>
  );
}
