/** Reasons for not being ready: the domain's own list, or the usual ones where it has none. */
import { Trans } from "@lingui/react/macro";
import { Menu } from "@mantine/core";
import { useNotReadyCodes, useReasonWord } from "~/components/StateChip/reasons";

/** Where the domain has no list, any word is a reason. */
const USUAL = ["break", "lunch", "meeting", "other"];

export function Reasons({ onChoose }: { onChoose(reason: string | undefined): void }) {
  const say = useReasonWord();
  const own = useNotReadyCodes();
  const codes = own.length > 0 ? own.filter(({ enabled }) => enabled).map(({ code }) => code) : USUAL;
  return (
    <Menu.Dropdown>
      {codes.map((code) => (
        <Menu.Item key={code} onClick={() => onChoose(code)}>
          {say(code)}
        </Menu.Item>
      ))}
      <Menu.Divider />
      <Menu.Item onClick={() => onChoose(undefined)}>
        <Trans>Without a reason</Trans>
      </Menu.Item>
    </Menu.Dropdown>
  );
}
