/** What business hours say of a moment: open, closed or on a holiday, and until when. */
import { Trans, useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, OWN, type Schemas } from "~/api/client";
import { Problem } from "~/components/Notice/Problem";
import { moment } from "~/i18n/time";
import { listed } from "../model/listed";
import styles from "../Admin.module.css";

export function HoursBeside({ name }: { name: string }) {
  const { t } = useLingui();
  const [at, setAt] = useState("");
  const asked = useQuery({
    queryKey: ["business-hours", at],
    queryFn: () =>
      listed<Schemas["List_BusinessHoursItem"]>(
        api.GET("/v1/domains/{domain}/business-hours", {
          params: { path: { domain: OWN }, query: at ? { at: new Date(at).toISOString() } : {} },
        }),
      ),
  });
  const found = asked.data?.items.find((one) => one.name === name);
  const words = { open: t`open`, closed: t`closed`, holiday: t`on a holiday` };
  const until = found?.until ? moment(found.until, Date.now()) : null;
  return (
    <section className={`card ${styles.group}`} aria-label={t`What they say of a moment`}>
      <div className={styles.row} style={{ alignItems: "center" }}>
        <TextInput
          type="datetime-local"
          label={t`What do they say at … (now if empty)`}
          value={at}
          onChange={({ currentTarget }) => setAt(currentTarget.value)}
        />
        {found && (
          <p style={{ margin: "1.2rem 0 0" }}>
            <span className={styles.tag} data-kind={found.opening === "open" ? "good" : "busy"}>
              {words[found.opening]}
            </span>{" "}
            {found.holiday && <bdi>{found.holiday}</bdi>} {until && <Trans>until {until}</Trans>}
          </p>
        )}
      </div>
      <Problem problem={asked.error} />
    </section>
  );
}
