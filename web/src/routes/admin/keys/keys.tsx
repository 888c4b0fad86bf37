/** Keys for programs: made, shown once, removed. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Loader, Switch, TagsInput, TextInput } from "@mantine/core";
import { Dialog } from "~/components/Dialog/Dialog";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api, everything, list, once, OWN, type Schemas } from "~/api/client";
import { may, type Right } from "~/api/session";
import { say, sayProblem } from "~/components/Notice/notice";
import { Problem } from "~/components/Notice/Problem";
import { Empty, Page } from "~/components/Page/Page";
import { moment } from "~/i18n/time";
import { useMe } from "~/api/me";
import { domainPath } from "../model/call";
import type { Json } from "../model/json";
import { Secret } from "../parts/Outcome";
import { ShowCall } from "../parts/ShowCall";
import { optionOf } from "../parts/words";
import styles from "../Admin.module.css";

export const page = createLazyRoute("/inside/admin/keys")({ component: Keys });

/** What a key can be given; one's own is for people alone. */
const RIGHTS: Right[] = [
  "read",
  "agent_state",
  "call_control",
  "mailbox",
  "recordings",
  "night_mode",
  "configuration",
  "provisioning",
  "audit",
  "access",
];

function Keys() {
  const { t } = useLingui();
  const client = useQueryClient();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<Schemas["NewKeyItem"] | null>(null);
  const [gone, setGone] = useState<Schemas["KeyItem"] | null>(null);
  const asked = useQuery({
    queryKey: ["keys"],
    queryFn: () => everything((cursor) => {
        const params = { path: { domain: OWN }, query: cursor ? { cursor } : {} };
        return list(api.GET("/v1/domains/{domain}/api-keys", { params }));
      }),
  });
  const again = () => void client.invalidateQueries({ queryKey: ["keys"] });
  const remove = useMutation({
    mutationFn: (key: string) =>
      answer(api.DELETE("/v1/domains/{domain}/api-keys/{key}", { params: { path: { domain: OWN, key } } })),
    onSuccess: () => {
      say(t`The key is worth nothing any more.`);
      setGone(null);
    },
    onError: sayProblem,
    onSettled: again,
  });
  // Whole: what stands in a name is no markup.
  const goes = gone && <bdi>{gone.name}</bdi>;
  return (
    <Page
      title={t`API keys`}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={() => setMaking(true)}>
          <Trans>Make a key</Trans>
        </Button>
      }
    >
      <section className="card">
        <Problem problem={asked.error} again={() => void asked.refetch()} />
        {asked.isPending && <Loader size="sm" aria-label={t`Loading`} />}
        {asked.data?.length === 0 && (
          <Empty title={t`No keys yet`}>{t`A program that uses the API needs a key, with the rights that it needs and no more.`}</Empty>
        )}
        {asked.data && asked.data.length > 0 && <Table keys={asked.data} onRemove={setGone} />}
      </section>
      <Dialog opened={making} onClose={() => setMaking(false)} title={t`Make a key`} size="lg">
        {making && (
          <Make
            onMade={(key) => {
              setMaking(false);
              setMade(key);
              again();
            }}
          />
        )}
      </Dialog>
      <Dialog
        opened={made !== null}
        onClose={() => setMade(null)}
        title={t`Shown this once`}
        closeOnClickOutside={false}
      >
        {made && (
          <div className={styles.stack}>
            <p style={{ margin: 0 }}>
              <Trans>Put the key into the program now: it cannot be shown again.</Trans>
            </p>
            <Secret name={made.name} secret={made.key} />
            <div className={styles.buttons}>
              <Button onClick={() => setMade(null)}>
                <Trans>I have kept it</Trans>
              </Button>
            </div>
          </div>
        )}
      </Dialog>
      <Dialog opened={gone !== null} onClose={() => setGone(null)} title={t`Remove the key?`}>
        {gone && (
          <div className={styles.stack}>
            <p style={{ margin: 0 }}>
              <Trans>
                Whatever uses {goes} is refused from now on. A removed key does not come back.
              </Trans>
            </p>
            <div className={styles.buttons}>
              <Button variant="default" onClick={() => setGone(null)}>
                <Trans>Keep it</Trans>
              </Button>
              <Button color="brick" loading={remove.isPending} onClick={() => remove.mutate(gone.id)}>
                <Trans>Remove</Trans>
              </Button>
            </div>
          </div>
        )}
      </Dialog>
    </Page>
  );
}

function Table({ keys, onRemove }: { keys: readonly Schemas["KeyItem"][]; onRemove(key: Schemas["KeyItem"]): void }) {
  const { t } = useLingui();
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={t`Keys`}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t`Name`}</th>
            <th scope="col">{t`Begins with`}</th>
            <th scope="col">{t`Rights`}</th>
            <th scope="col">{t`From`}</th>
            <th scope="col">{t`Last used`}</th>
            <th scope="col">{t`Ends`}</th>
            <th scope="col">
              <span className="visually-hidden">{t`Actions`}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => {
            const { name } = key;
            return (
              <tr key={key.id}>
                <td>
                  <bdi className={styles.clip}>{name}</bdi>
                </td>
                <td>
                  <code>{key.hint}…</code>
                </td>
                <td>{key.rights.map((right) => optionOf("Right", right)).join(", ")}</td>
                <td>{key.networks.length > 0 ? key.networks.join(", ") : t`everywhere`}</td>
                <td>{key.used_at ? moment(key.used_at, Date.now()) : t`never`}</td>
                <td>{key.expires_at ? moment(key.expires_at, Date.now()) : t`never`}</td>
                <td>
                  <Button size="compact-xs" variant="subtle" className={styles.danger!} aria-label={t`Remove ${name}`} onClick={() => onRemove(key)}>
                    <Trans>Remove</Trans>
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Make({ onMade }: { onMade(key: Schemas["NewKeyItem"]): void }) {
  const { t } = useLingui();
  const me = useMe();
  const [name, setName] = useState("");
  const [rights, setRights] = useState<Right[]>(["read"]);
  const [networks, setNetworks] = useState<string[]>([]);
  const [until, setUntil] = useState("");
  const body: Schemas["KeyBody"] = {
    name: name.trim(),
    rights,
    ...(networks.length > 0 ? { networks } : {}),
    ...(until ? { expires_at: new Date(until).toISOString() } : {}),
  };
  const make = useMutation({
    mutationFn: () =>
      answer(api.POST("/v1/domains/{domain}/api-keys", { params: { path: { domain: OWN }, header: once() }, body })),
    onSuccess: onMade,
  });
  return (
    <form
      className={styles.stack}
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <TextInput
        label={t`Name`}
        description={t`Which program it is for.`}
        required
        withAsterisk={false}
        maxLength={64}
        data-autofocus
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <fieldset className={styles.stack} style={{ border: 0, padding: 0, margin: 0 }}>
        <legend className={styles.label}>{t`Rights`}</legend>
        {RIGHTS.filter((right) => may(me, right)).map((right) => (
          <Switch
            key={right}
            size="sm"
            label={optionOf("Right", right)}
            checked={rights.includes(right)}
            onChange={({ currentTarget }) =>
              setRights(RIGHTS.filter((one) => (one === right ? currentTarget.checked : rights.includes(one))))
            }
          />
        ))}
      </fieldset>
      <TagsInput
        label={t`Only from these networks`}
        description={t`As 192.0.2.0/24; from everywhere if empty.`}
        acceptValueOnBlur
        value={networks}
        onChange={setNetworks}
      />
      <TextInput
        type="datetime-local"
        label={t`Ends`}
        description={t`Never if empty.`}
        value={until}
        onChange={({ currentTarget }) => setUntil(currentTarget.value)}
      />
      <Problem problem={make.error} />
      <div className={styles.buttons}>
        <ShowCall call={() => ({ method: "POST", path: domainPath("api-keys"), body: body as unknown as Json })} />
        <Button type="submit" loading={make.isPending} disabled={rights.length === 0}>
          <Trans>Make it</Trans>
        </Button>
      </div>
    </form>
  );
}
