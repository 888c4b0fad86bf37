/** The picture of a flow: steps as boxes, ways as lines, and beside it the step that is chosen. */
import "@xyflow/react/dist/style.css";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Select, useComputedColorScheme } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import {
  Background,
  type Connection,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  useNodesState,
} from "@xyflow/react";
import { useContext, useEffect, useMemo, useState } from "react";
import type { Entry } from "../model/json";
import { Faults, StepNames } from "../parts/form";
import { labelOf, optionOf } from "../parts/words";
import { layout, WIDTH } from "./layout";
import { StepForm } from "./StepForm";
import { about, DEEDS, freshId, idOf, isDeed, reached, renamed, setWay, type Way, waysOf, without } from "./steps";
import own from "./Picture.module.css";
import styles from "../Admin.module.css";

interface Props {
  steps: Entry[];
  callers: Record<string, number>;
  onChange(steps: Entry[]): void;
}

type StepData = { step: Entry; first: boolean; wrong: boolean; lost: boolean; callers: number };
type StepNode = Node<StepData, "step">;

const handle = (way: Way): string => JSON.stringify(way.path);

/** All of it is seen at first, no larger than it is. */
const FIT = { maxZoom: 1, padding: 0.05 };

export function Picture({ steps, callers, onChange }: Props) {
  const { t, i18n } = useLingui();
  const scheme = useComputedColorScheme("light");
  const faults = useContext(Faults);
  const [chosen, setChosen] = useState<string | null>(idOf(steps[0] ?? {}) || null);
  const [nodes, setNodes, onNodesChange] = useNodesState<StepNode>([]);

  const seen = useMemo(() => reached(steps), [steps]);
  const shape = steps.map((step) => `${idOf(step)}>${waysOf(step).map(({ to }) => to).join()}`).join("|");

  useEffect(() => {
    const spots = layout(steps);
    setNodes((before) =>
      steps.map((step, at): StepNode => {
        const id = idOf(step);
        const old = before.find((node) => node.id === id);
        return {
          id,
          type: "step",
          // What was moved by hand stays there; the rest follows the ways.
          position: old && before.length === steps.length ? old.position : (spots.get(id) ?? { x: 0, y: 0 }),
          selected: id === chosen,
          deletable: false,
          ariaLabel: `${id}: ${isDeed(step.do) ? optionOf("Deed", step.do) : ""} ${about(step)}`,
          data: {
            step,
            first: at === 0,
            wrong: faults.some(({ pointer }) => pointer === `/steps/${at}` || pointer.startsWith(`/steps/${at}/`)),
            lost: at > 0 && !seen.has(id),
            callers: callers[id] ?? 0,
          },
        };
      }),
    );
  }, [steps, shape, faults, callers, chosen, i18n.locale]);

  const names = useMemo(() => new Set(steps.map(idOf)), [steps]);
  const edges: Edge[] = steps.flatMap((step) =>
    waysOf(step)
      .filter(({ to }) => names.has(to))
      .map((way) => ({
        id: `${idOf(step)}${handle(way)}`,
        source: idOf(step),
        sourceHandle: handle(way),
        target: way.to,
        type: "smoothstep",
        markerEnd: { type: MarkerType.ArrowClosed },
        className: way.field === "next" || way.field === "keys" || way.field === "when" ? own.way! : own.else!,
        ariaLabel: `${idOf(step)} → ${way.to}`,
      })),
  );

  const at = steps.findIndex((step) => idOf(step) === chosen);
  const step = steps[at];

  function connect({ source, sourceHandle, target }: Connection) {
    if (!sourceHandle) return;
    const path = JSON.parse(sourceHandle) as (string | number)[];
    onChange(steps.map((one) => (idOf(one) === source ? setWay(one, path, target) : one)));
  }

  function cut(gone: Edge[]) {
    onChange(
      steps.map((one) =>
        gone
          .filter(({ source }) => source === idOf(one))
          .reduce((changed, { sourceHandle }) => {
            const path = JSON.parse(sourceHandle ?? "[]") as (string | number)[];
            return path.length === 0 ? changed : setWay(changed, path, path[0] === "when" ? "" : undefined);
          }, one),
      ),
    );
  }

  return (
    <StepNames.Provider value={steps.map(idOf)}>
      <div className={own.split}>
        <div className={own.canvas}>
          <ReactFlow
            nodes={nodes}
            edges={edges}
            fitView
            fitViewOptions={FIT}
            nodeTypes={KINDS}
            onNodesChange={(changes) => {
              onNodesChange(changes);
              // By a click or by Enter. What is chosen is told to the picture, and never asked of it: two who follow
              // each other go round for ever.
              const picked = changes.find((change) => change.type === "select" && change.selected);
              if (picked?.type === "select") setChosen(picked.id);
            }}
            onNodeClick={(_, node) => setChosen(node.id)}
            onConnect={connect}
            onEdgesDelete={cut}
            colorMode={scheme}
            defaultViewport={{ x: 24, y: 24, zoom: 0.85 }}
            minZoom={0.2}
            multiSelectionKeyCode={null}
            proOptions={{ hideAttribution: true }}
            ariaLabelConfig={{
              "node.a11yDescription.default": i18n._(msg`Enter chooses the step; arrow keys move it in the picture.`),
              "edge.a11yDescription.default": i18n._(msg`Enter chooses the way; delete cuts it.`),
              "controls.ariaLabel": i18n._(msg`View of the picture`),
              "controls.zoomIn.ariaLabel": i18n._(msg`Larger`),
              "controls.zoomOut.ariaLabel": i18n._(msg`Smaller`),
              "controls.fitView.ariaLabel": i18n._(msg`All of it`),
              "handle.ariaLabel": i18n._(msg`Beginning or end of a way`),
            }}
          >
            <Background />
            <Controls showInteractive={false} />
          </ReactFlow>
        </div>
        <aside className={own.panel} aria-label={t`The chosen step`}>
          <Select
            size="xs"
            aria-label={t`Add a step`}
            placeholder={t`Add a step`}
            data={Object.keys(DEEDS).map((deed) => ({ value: deed, label: optionOf("Deed", deed) }))}
            value={null}
            onChange={(deed) => {
              if (!deed) return;
              const id = freshId(steps, deed);
              onChange([...steps, { id, do: deed }]);
              setChosen(id);
            }}
          />
          {step ? (
            <>
              <StepForm
                key={at}
                step={step}
                at={at}
                onChange={(next) => onChange(steps.map((other, place) => (place === at ? next : other)))}
                onRename={(id) => {
                  setChosen(id);
                  onChange(renamed(steps, at, id));
                }}
              />
              <div className={styles.buttons}>
                {at > 0 && (
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() => onChange([step, ...steps.filter((_, place) => place !== at)])}
                  >
                    <Trans>Begin with it</Trans>
                  </Button>
                )}
                <Button
                  size="xs"
                  variant="default"
                  className={styles.danger!}
                  leftSection={<IconTrash size={14} aria-hidden="true" />}
                  onClick={() => {
                    onChange(without(steps, at));
                    setChosen(null);
                  }}
                >
                  <Trans>Remove the step</Trans>
                </Button>
              </div>
            </>
          ) : (
            <p className={styles.hint}>
              {steps.length === 0 ? (
                <Trans>No steps yet. The first one that is added begins.</Trans>
              ) : (
                <Trans>Choose a step in the picture to edit it here. Draw from a dot to another step to lead there.</Trans>
              )}
            </p>
          )}
        </aside>
      </div>
    </StepNames.Provider>
  );
}

function StepBox({ data: { step, first, wrong, lost, callers }, selected }: NodeProps<StepNode>) {
  const { t } = useLingui();
  return (
    <div className={own.box} data-chosen={selected} data-wrong={wrong} data-lost={lost} style={{ width: WIDTH }}>
      <Handle type="target" position={Position.Left} className={own.in!} />
      <div className={own.head}>
        <strong className={own.name}>
          <bdi>{idOf(step)}</bdi>
        </strong>
        {callers > 0 && (
          <span className={styles.tag} data-kind="busy">
            {t`${callers} inside`}
          </span>
        )}
        {first && (
          <span className={styles.tag} data-kind="good">
            <Trans>begins</Trans>
          </span>
        )}
        {wrong && (
          <span className={styles.tag} data-kind="bad">
            <Trans>to mend</Trans>
          </span>
        )}
        {lost && (
          <span className={styles.tag} data-kind="busy">
            <Trans>nothing leads here</Trans>
          </span>
        )}
      </div>
      <div className={own.what}>
        {isDeed(step.do) ? optionOf("Deed", step.do) : t`Nothing yet`} <bdi>{about(step)}</bdi>
      </div>
      {waysOf(step).map((way) => {
        const { which } = way;
        return (
        <div key={handle(way)} className={own.row} data-open={way.to === ""}>
          <span className={own.wayName}>
            {way.field === "keys" ? t`Key ${which}` : way.field === "when" ? t`Condition ${which}` : labelOf({ shape: "Step", name: way.field })}
          </span>
          <Handle type="source" position={Position.Right} id={handle(way)} className={own.out!} />
        </div>
        );
      })}
    </div>
  );
}

const KINDS = { step: StepBox };
