/** No call: the way to make one. Her phone rings first, then the other one's. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { IconPhoneOutgoing } from "@tabler/icons-react";
import { useState } from "react";
import { useDial } from "~/softphone/dial";
import { KEYS } from "../shortcuts/keys";
import desk from "../desk.module.css";
import { dialable } from "~/live/targets";
import styles from "./call.module.css";

export function Dial({ extension }: { extension: string }) {
  const { t } = useLingui();
  const call = useDial(extension);
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);

  const go = async () => {
    const number = dialable(text);
    setWrong(!number);
    if (!number) return;
    setBusy(true);
    if (await call(number)) setText("");
    setBusy(false);
  };

  return (
    <section className={desk.card} aria-label={t`Make a call`}>
      <div>
        <h2 className={desk.cardTitle}>
          <Trans>No call</Trans>
        </h2>
        <p className={desk.dim}>
          <Trans>The next one appears here by itself.</Trans>
        </p>
      </div>
      <form
        className={styles.dial}
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <TextInput
          className={desk.grow!}
          aria-label={t`Number or extension`}
          placeholder={t`Number or extension`}
          type="tel"
          data-dial
          aria-keyshortcuts={`Alt+${KEYS.dial.shown}`}
          value={text}
          error={wrong && t`Digits, with + for other countries.`}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          loading={busy}
          leftSection={<IconPhoneOutgoing size={18} aria-hidden="true" />}
        >
          <Trans>Call</Trans>
        </Button>
      </form>
    </section>
  );
}
