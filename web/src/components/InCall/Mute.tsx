/** Whether one is heard in a call of this browser. */
import { useLingui } from "@lingui/react/macro";
import { Button, type ButtonProps } from "@mantine/core";
import { IconMicrophone, IconMicrophoneOff } from "@tabler/icons-react";

interface Props extends ButtonProps {
  muted: boolean;
  onMute(muted: boolean): void;
}

export function Mute({ muted, onMute, ...more }: Props) {
  const { t } = useLingui();
  const Icon = muted ? IconMicrophoneOff : IconMicrophone;
  return (
    <Button
      variant={muted ? "filled" : "default"}
      color="brick"
      aria-pressed={muted}
      leftSection={<Icon size={18} aria-hidden="true" />}
      onClick={() => onMute(!muted)}
      {...more}
    >
      {muted ? t`Unmute` : t`Mute`}
    </Button>
  );
}
