/** Links for big screens: keys that may read and nothing else, made, shown once, and taken back here. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, CopyButton, Modal, MultiSelect, Switch, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, everything, list, once, OWN, type Schemas } from "~/api/client";
import { Problem } from "~/components/Notice/Problem";
import { moment } from "~/i18n/time";
import { useLive, useQueues } from "~/live/live";
import { Surely, useDoing } from "~/components/Doing/Doing";
import { NAME_MAX, PREFIX, screenAddress, screens } from "./screen";
import styles from "~/styles/drawer.module.css";

export function Screens({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const keys = useQuery({
    queryKey: ["api-keys", "all"],
    queryFn: () => everything((cursor) => {
        const params = { path: { domain: OWN }, query: cursor ? { cursor } : {} };
        return list(api.GET("/v1/domains/{domain}/api-keys", { params }));
      }),
  });
  const again = () => void client.invalidateQueries({ queryKey: ["api-keys"] });
  const known = screens(keys.data ?? []);
  return (
    <Modal opened onClose={onClose} size="xl" title={t`Big screens`} closeButtonProps={{ "aria-label": t`Close` }}>
      <div className={styles.parts}>
        <p>
          <Trans>
            A link shows the board on a screen without a log-in. Whoever has it can read this domain, callers included, and change
            nothing; it is good until it is revoked here.
          </Trans>
        </p>
        <Make onMade={again} />
        <Problem problem={keys.error} again={again} />
        {known.length > 0 && (
          <table className={styles.small}>
            <thead>
              <tr>
                <th scope="col">
                  <Trans>Screen</Trans>
                </th>
                <th scope="col">
                  <Trans>Last seen</Trans>
                </th>
                <th scope="col">
                  <span className="visually-hidden">
                    <Trans>Revoke</Trans>
                  </span>
                </th>
              </tr>
            </thead>
            <tbody>
              {known.map((key) => (
                <Known key={key.id} item={key} onGone={again} />
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Modal>
  );
}

function Known({ item, onGone }: { item: Schemas["KeyItem"]; onGone: () => void }) {
  const { t } = useLingui();
  const live = useLive();
  const { busy, doing } = useDoing();
  const name = item.name.slice(PREFIX.length);
  const revoke = () =>
    doing(async () => {
      await answer(api.DELETE("/v1/domains/{domain}/api-keys/{key}", { params: { path: { domain: OWN, key: item.id } } }));
      onGone();
    });
  return (
    <tr>
      <th scope="row">
        {name} <small>{item.hint}…</small>
      </th>
      <td>{item.used_at ? moment(item.used_at, live.now()) : <Trans>never</Trans>}</td>
      <td>
        <Surely act={t`Revoke`} ask={t`It goes dark.`} yes={t`Revoke`} busy={busy} onYes={() => void revoke()} />
      </td>
    </tr>
  );
}

function Make({ onMade }: { onMade: () => void }) {
  const { t } = useLingui();
  const queues = useQueues();
  const [name, setName] = useState("");
  const [shown, setShown] = useState<string[]>([]);
  const [light, setLight] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const { busy, doing } = useDoing();
  const make = () =>
    doing(async () => {
      const asked = api.POST("/v1/domains/{domain}/api-keys", {
        params: { path: { domain: OWN }, header: once() },
        body: { name: PREFIX + name.trim(), rights: ["read"] },
      });
      const { key } = await answer(asked);
      setLink(screenAddress(location.origin, { key, queues: shown, light }));
      setName("");
      onMade();
    });
  return (
    <>
      <form
        className={styles.row}
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <TextInput
          size="xs"
          label={t`Name of the screen`}
          placeholder={t`Kitchen, second floor`}
          maxLength={NAME_MAX}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <MultiSelect
          size="xs"
          label={t`Queues`}
          placeholder={shown.length ? "" : t`all`}
          value={shown}
          onChange={setShown}
          data={queues.map((queue) => ({ value: queue.number, label: `${queue.name} · ${queue.number}` }))}
        />
        <Switch label={t`Light`} checked={light} onChange={(event) => setLight(event.currentTarget.checked)} />
        <Button size="xs" type="submit" disabled={!name.trim()} loading={busy}>
          <Trans>Make a link</Trans>
        </Button>
      </form>
      {link && (
        <div className={styles.link} role="status">
          <p>
            <Trans>Open this address on the screen. It is shown this once.</Trans>
          </p>
          <code>{link}</code>
          <CopyButton value={link}>
            {({ copied, copy }) => (
              <Button size="xs" variant="default" onClick={copy}>
                {copied ? t`Copied` : t`Copy`}
              </Button>
            )}
          </CopyButton>
        </div>
      )}
    </>
  );
}
