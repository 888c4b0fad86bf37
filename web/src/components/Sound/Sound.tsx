/** A sound that is fetched when it is asked for, and played. */
import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { sayProblem } from "~/components/Notice/notice";
import { Waveform } from "./Waveform";
import styles from "./Sound.module.css";

interface Props {
  name: string;
  length?: string;
  load(): Promise<Blob>;
  /** It is there already: its line is seen before it is played. */
  sound?: Blob;
  /** It is played as soon as it is there. */
  now?: boolean;
}

export function Sound({ name, length, load, sound, now = false }: Props) {
  const { t } = useLingui();
  const [seen, setSeen] = useState<Blob | null>(sound ?? null);
  const [address, setAddress] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!address) return undefined;
    return () => URL.revokeObjectURL(address);
  }, [address]);
  async function play() {
    setBusy(true);
    try {
      const loaded = await load();
      setSeen(loaded);
      setAddress(URL.createObjectURL(loaded));
    } catch (problem) {
      sayProblem(problem);
    } finally {
      setBusy(false);
    }
  }
  useEffect(() => {
    if (now) void play();
    // Once: what is played next is another one.
  }, []);
  return (
    <div className={styles.sound}>
      {seen && <Waveform sound={seen} />}
      {address ? (
        <audio controls autoPlay src={address} aria-label={name} />
      ) : (
        <Button
          size="compact-sm"
          variant="default"
          loading={busy}
          leftSection={<IconPlayerPlay size={14} aria-hidden="true" />}
          aria-label={[t`Play ${name}`, length].filter((word) => word !== undefined).join(", ")}
          onClick={() => void play()}
        >
          {length ?? t`Play`}
        </Button>
      )}
    </div>
  );
}
