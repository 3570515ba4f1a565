/** The lifecycle drawn from left to right. Arrows of the chosen stage stand out; the others stay quiet. */
import { useMemo } from "react";
import { Background, Controls, MarkerType, ReactFlow } from "@xyflow/react";
import type { Edge } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import type { LifecycleView } from "@/api/generated/schema";
import { useIsDark } from "@/shell/habits";
import { lifecycle } from "@/words/lifecycle";
import { useWords } from "@/words/language";
import { placesOf, pointOf, sidesOf, way, BOX } from "./places";
import type { Place } from "./places";
import { StageBox } from "./stage_box";
import type { StageNode } from "./stage_box";

const NOWHERE: Place = { column: 0, row: 0 };
const KINDS = { stage: StageBox };

interface DrawingProps {
  found: LifecycleView;
  stage: string | undefined;
  onStage: (name: string | undefined) => void;
}

export default function Drawing({ found, stage, onStage }: DrawingProps) {
  const words = useWords(lifecycle);
  const isDark = useIsDark();
  const places = useMemo(() => placesOf(found.nodes, found.edges), [found]);
  const nodes = found.nodes.map((one): StageNode => ({
    id: one.name, type: "stage", position: pointOf(places.get(one.name) ?? NOWHERE), data: { stage: one }, selected: one.name === stage,
    width: BOX.width, height: BOX.height, draggable: false, ariaRole: "button",
  }));
  const edges = useMemo(() => edgesOf(found, places, stage), [found, places, stage]);
  return (
    <div className="drawing">
      <ReactFlow
        nodes={nodes} edges={edges} nodeTypes={KINDS} fitView fitViewOptions={{ padding: 0.04, maxZoom: 1 }} minZoom={0.3} maxZoom={1.5} colorMode={isDark ? "dark" : "light"}
        nodesDraggable={false} nodesConnectable={false} edgesFocusable={false} ariaLabelConfig={{ "controls.zoomIn.ariaLabel": words.zoomIn, "controls.zoomOut.ariaLabel": words.zoomOut, "controls.fitView.ariaLabel": words.zoomFit }}
        aria-label={words.title} onNodeClick={(_, node) => onStage(node.id)} onPaneClick={() => onStage(undefined)}
        onNodesChange={(changes) => {
          const chosen = changes.find((change) => change.type === "select" && change.selected);
          if (chosen && "id" in chosen) onStage(chosen.id);
        }}
      >
        <Background gap={24} />
        <Controls showInteractive={false} aria-label={words.zoom} />
      </ReactFlow>
    </div>
  );
}

/** One arrow for each pair of stages. Those of the chosen stage are told apart; without one the way itself is. */
function edgesOf(found: LifecycleView, places: ReadonlyMap<string, Place>, stage: string | undefined): Edge[] {
  const order = new Map(way(found.nodes).map((node, column) => [node.name, column]));
  return found.edges.filter((edge) => edge.source !== "*").map((edge) => {
    const [sourceHandle, targetHandle] = sidesOf(places.get(edge.source) ?? NOWHERE, places.get(edge.target) ?? NOWHERE);
    const isStep = (order.get(edge.target) ?? -9) - (order.get(edge.source) ?? 9) === 1;
    const isOn = stage === undefined ? isStep : edge.source === stage || edge.target === stage;
    return {
      id: `${edge.source} ${edge.target}`, source: edge.source, target: edge.target, sourceHandle, targetHandle, className: isOn ? "arrow on" : "arrow", zIndex: isOn ? 1 : 0,
      markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14, color: isOn ? "var(--brand)" : "var(--line-2)" }, focusable: false, selectable: false,
    };
  });
}
