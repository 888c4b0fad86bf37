/** What has no field of its own: its JSON. */
import { useLingui } from "@lingui/react/macro";
import { Textarea } from "@mantine/core";
import { useState } from "react";
import type { Json } from "../model/json";
import type { FieldProps } from "./FieldView";
import { useFault } from "./form";
import { hintOf, labelOf } from "./words";

export function RawField({ field, value, path, onChange }: FieldProps) {
  const { t } = useLingui();
  const fault = useFault(path, true);
  const [typed, setTyped] = useState(value === undefined ? "" : JSON.stringify(value, null, 2));
  const [wrong, setWrong] = useState(false);
  return (
    <Textarea
      label={labelOf(field)}
      description={hintOf(field)}
      error={wrong ? t`This is not JSON yet.` : fault}
      autosize
      minRows={2}
      maxRows={16}
      spellCheck={false}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      value={typed}
      onChange={({ currentTarget }) => {
        const next = currentTarget.value;
        setTyped(next);
        const read = parsed(next);
        setWrong(read === null);
        if (read) onChange(read.value);
      }}
    />
  );
}

function parsed(text: string): { value: Json | undefined } | null {
  if (text.trim() === "") return { value: undefined };
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return null;
  }
}
