/** The way from a flow's form to its picture. */
import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconSitemap } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Json } from "../model/json";

export function FlowBeside({ number, kind }: { number: string; kind: Json | undefined }) {
  if (kind !== "tree") return null;
  return (
    <div>
      <Button
        variant="default"
        leftSection={<IconSitemap size={16} aria-hidden="true" />}
        renderRoot={(props) => <Link to="/admin/flows/graph/$number" params={{ number }} {...props} />}
      >
        <Trans>Edit as a picture</Trans>
      </Button>
    </div>
  );
}
