/** The same figures as a document to print or to pass on. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import { OWN } from "~/api/client";
import { save } from "~/api/download";
import { sayProblem } from "~/components/Notice/notice";
import type { Span } from "./span";

type Whose = { about: "queues"; queue?: string } | { about: "agents"; agent: string };

export function AsDocument({ whose, file, span }: { whose: Whose; file: string; span: Span }) {
  const [busy, setBusy] = useState(false);
  const { i18n } = useLingui();
  const take = () => {
    setBusy(true);
    const { from, to, interval, zone } = span;
    const query = new URLSearchParams({ ...whose, from, to, interval, time_zone: zone, language: i18n.locale, format: "pdf" });
    save(`/v1/domains/${OWN}/statistics/document?${query}`, `${file}.pdf`)
      .catch(sayProblem)
      .finally(() => setBusy(false));
  };
  return (
    <Button size="xs" variant="default" loading={busy} onClick={take}>
      <Trans>Document (PDF)</Trans>
    </Button>
  );
}
