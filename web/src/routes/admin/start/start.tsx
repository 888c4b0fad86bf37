/** From an empty server to a phone that rings: steps, each with a check that the thing itself answers. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api, OWN } from "~/api/client";
import { Refused } from "~/api/problem";
import { session } from "~/api/session";
import { Problem } from "~/components/Notice/Problem";
import { Page } from "~/components/Page/Page";
import { useAgents } from "~/live/live";
import { useMe } from "~/api/me";
import { list, sectionPath } from "../model/call";
import { brief, type Entry } from "../model/json";
import { PlanText } from "../list/Cell";
import { AgentStep, DomainStep, NumberStep, QueueStep, TrunkStep } from "./forms";
import { PhoneStep } from "./PhoneStep";
import { RingStep } from "./RingStep";
import { Step } from "./Step";
import own from "./Start.module.css";
import styles from "../Admin.module.css";

export const page = createLazyRoute("/inside/admin/start")({ component: Start });

const MOST = "1000";

/** The entries of a section; none where there is no domain yet. */
function useEntries(section: string, there: boolean): { items: Entry[]; known: boolean } {
  const asked = useQuery({
    queryKey: ["provisioning", section, "all"],
    queryFn: () => list(sectionPath(section), { limit: MOST }),
    enabled: there,
  });
  return { items: asked.data?.items ?? [], known: asked.isSuccess };
}

function Start() {
  const { t } = useLingui();
  const me = useMe();
  const client = useQueryClient();
  const domain = useQuery({
    queryKey: ["domain"],
    queryFn: async () => {
      try {
        return await answer(api.GET("/v1/domains/{domain}", { params: { path: { domain: OWN } } }));
      } catch (problem) {
        if (problem instanceof Refused && problem.status === 404) return null;
        throw problem;
      }
    },
  });
  const there = !!domain.data;
  const agents = useEntries("agents", there);
  const groups = useEntries("groups", there);
  const queues = useEntries("queues", there);
  const numbers = useEntries("numbers", there);
  const trunks = useEntries("trunks", there);
  const live = useAgents();
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const [rang, setRang] = useState(false);
  const reachable = agents.items.filter(({ extension }) => typeof extension === "string");
  const registered = live.filter((agent) => agent.registered);
  // The phone that is there already, or else the one that was set up last.
  const extension = registered[0]?.extension ?? brief(reachable.at(-1)?.extension ?? "");
  const phone = live.some((agent) => agent.registered && agent.extension === extension);
  const changed = () => void client.invalidateQueries({ queryKey: ["provisioning"] });

  async function made() {
    // The login belongs to the new domain from now on.
    session.know(await answer(api.GET("/v1/auth/me")));
    await client.invalidateQueries();
  }

  return (
    <Page title={t`First steps`}>
      <p style={{ margin: 0, maxWidth: "52rem" }}>
        <Trans>
          From an empty server to a phone that rings. Each step looks whether it has worked. Leave at any time: what is done
          stays done.
        </Trans>
      </p>
      <Problem problem={domain.error} again={() => void domain.refetch()} />
      {domain.isPending && <Loader size="sm" aria-label={t`Loading`} />}
      {domain.isSuccess && (
        <section className="card">
          <ol className={own.steps}>
            <Step number={1} title={t`The owner`} done open={false} proof={t`You are logged in as ${me.name}.`} />
            <Step
              number={2}
              title={t`The domain`}
              done={there}
              open={!there}
              proof={domain.data && <bdi>{`${domain.data.name} · ${domain.data.timezone}`}</bdi>}
            >
              <DomainStep onMade={() => void made()} />
            </Step>
            <Step
              number={3}
              title={t`The first agent`}
              done={reachable.length > 0}
              open={there && agents.known && reachable.length === 0}
              proof={<Names entries={reachable} />}
            >
              <AgentStep
                groups={groups.items.map(({ name }) => brief(name))}
                onMade={(made) => {
                  setSecrets({ ...secrets, ...made.generated });
                  changed();
                }}
              />
            </Step>
            <Step
              number={4}
              title={t`A phone that is registered`}
              done={phone}
              open={reachable.length > 0}
              proof={<Trans>Extension {extension} has a phone.</Trans>}
            >
              {!phone && (
                <PhoneStep
                  extension={extension}
                  domain={domain.data?.name ?? ""}
                  secret={secrets[extension]}
                  onSecret={(secret) => setSecrets({ ...secrets, [extension]: secret })}
                />
              )}
            </Step>
            <Step
              number={5}
              title={t`A queue`}
              done={queues.items.length > 0}
              open={reachable.length > 0 && queues.known && queues.items.length === 0}
              proof={<Names entries={queues.items} />}
            >
              <QueueStep agents={reachable.map((agent) => brief(agent.extension))} onMade={changed} />
            </Step>
            <Step
              number={6}
              title={t`A call that rings`}
              done={rang}
              open={phone && queues.items.length > 0}
              proof={<Trans>The phone has rung.</Trans>}
            >
              <RingStep extension={extension} queue={brief(queues.items[0]?.number ?? "")} onRang={() => setRang(true)} />
            </Step>
            <Step
              number={7}
              title={t`A trunk to a carrier`}
              done={trunks.items.length > 0}
              open={queues.items.length > 0 && trunks.known && trunks.items.length === 0}
              proof={<Names entries={trunks.items} />}
            >
              <TrunkStep onMade={changed} />
            </Step>
            <Step
              number={8}
              title={t`A number to call`}
              done={numbers.items.length > 0}
              open={queues.items.length > 0 && numbers.known && numbers.items.length === 0}
              proof={
                <ul style={{ margin: 0, paddingInlineStart: "1.1rem" }}>
                  {numbers.items.slice(0, 3).map((number) => (
                    <li key={brief(number.number)}>
                      <bdi>{brief(number.number)}</bdi> → <PlanText plan={number.open} />
                    </li>
                  ))}
                </ul>
              }
            >
              <NumberStep queue={brief(queues.items[0]?.number ?? "")} onMade={changed} />
            </Step>
          </ol>
          {numbers.items.length > 0 && trunks.items.length > 0 && (
            <p style={{ marginBottom: 0 }}>
              <Trans>
                Callers reach you now. What happens to them in detail stands with{" "}
                <Link to="/admin/$section" params={{ section: "numbers" }} className={styles.key}>
                  each number
                </Link>
                .
              </Trans>
            </p>
          )}
        </section>
      )}
    </Page>
  );
}

/** The first ones, and how many more. */
function Names({ entries }: { entries: readonly Entry[] }) {
  const { t } = useLingui();
  const few = entries.slice(0, 3).map(({ extension, number, name }) => [extension ?? number, name].filter((one) => one !== undefined).map(brief).join(" · "));
  const more = entries.length - few.length;
  return (
    <>
      <bdi>{few.join(", ")}</bdi> {more > 0 && t`and ${more} more`}
    </>
  );
}
