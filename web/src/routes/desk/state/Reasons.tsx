/** Reasons for not being ready: the domain's own list, or the usual ones where it has none. */
import { Trans } from "@lingui/react/macro";
import { Menu } from "@mantine/core";
import { useNotReadyChoices } from "~/components/StateChip/reasons";

export function Reasons({ onChoose }: { onChoose(reason: string | undefined): void }) {
  const known = useNotReadyChoices();
  return (
    <Menu.Dropdown>
      {known.map(({ code, word }) => (
        <Menu.Item key={code} onClick={() => onChoose(code)}>
          {word}
        </Menu.Item>
      ))}
      <Menu.Divider />
      <Menu.Item onClick={() => onChoose(undefined)}>
        <Trans>Without a reason</Trans>
      </Menu.Item>
    </Menu.Dropdown>
  );
}
