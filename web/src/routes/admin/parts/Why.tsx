/** Why something is changed: it stands in the history. */
import { useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";

const REASON_MAX = 500;

export function Why({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { t } = useLingui();
  return (
    <TextInput
      style={{ flex: "1 1 12rem" }}
      label={t`Why (stands in the history)`}
      placeholder={t`Not needed`}
      maxLength={REASON_MAX}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
