/** A sound that is fetched when it is asked for, and played. */
import { useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { sayProblem } from "~/components/Notice/notice";

interface Props {
  name: string;
  length?: string;
  load(): Promise<Blob>;
}

export function Sound({ name, length, load }: Props) {
  const { t } = useLingui();
  const [address, setAddress] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!address) return undefined;
    return () => URL.revokeObjectURL(address);
  }, [address]);
  async function play() {
    setBusy(true);
    try {
      setAddress(URL.createObjectURL(await load()));
    } catch (problem) {
      sayProblem(problem);
    } finally {
      setBusy(false);
    }
  }
  if (address) return <audio controls autoPlay src={address} aria-label={name} style={{ height: 32, maxWidth: "100%" }} />;
  return (
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
  );
}
