/** Reasons for not being ready: the domain's own list, or the usual ones where it has none. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { notReadyCodes } from "~/api/coming";
import { reasonWord } from "~/components/StateChip/words";

/** Where the domain has no list, any word is a reason. */
const USUAL = ["break", "lunch", "meeting", "other"];
const FRESH_TIME = 5 * 60_000;

interface Reason {
  code: string;
  label: string | null;
}

/** The reasons that can be chosen. */
export function useReasons(): Reason[] {
  const { data } = useQuery({ queryKey: ["not-ready-codes"], queryFn: notReadyCodes, staleTime: FRESH_TIME });
  const own = (data ?? []).filter((one) => one.enabled);
  return own.length > 0 ? own : USUAL.map((code) => ({ code, label: null }));
}

export function Reasons({ onChoose }: { onChoose(reason: string | undefined): void }) {
  const { i18n } = useLingui();
  const reasons = useReasons();
  return (
    <Menu.Dropdown>
      {reasons.map(({ code, label }) => (
        <Menu.Item key={code} onClick={() => onChoose(code)}>
          {label ?? reasonWord(code, (word) => i18n._(word))}
        </Menu.Item>
      ))}
      <Menu.Divider />
      <Menu.Item onClick={() => onChoose(undefined)}>
        <Trans>Without a reason</Trans>
      </Menu.Item>
    </Menu.Dropdown>
  );
}
