/** One stage in the drawing: what it is called, how many orders stand in it, and for how long. */
import type { Node, NodeProps } from "@xyflow/react";
import { Handle, Position } from "@xyflow/react";
import type { NodeView } from "@/api/generated/schema";
import { Glyph } from "@/shared/cells/glyph";
import { useLanguage } from "@/words/language";
import type { Side } from "./places";
import { Standing } from "./standing";

const SIDES: readonly [Side, Position][] = [["left", Position.Left], ["right", Position.Right], ["top", Position.Top], ["bottom", Position.Bottom]];

export type StageNode = Node<{ stage: NodeView }, "stage">;

export function StageBox({ data: { stage }, selected }: NodeProps<StageNode>) {
  const language = useLanguage();
  return (
    <div className={`stage-box ${selected ? "on" : ""} ${stage.standing.overdue ? "late" : ""}`}>
      {SIDES.map(([side, position]) => <Handle key={`to ${side}`} id={side} type="target" position={position} isConnectable={false} />)}
      <span className="line"><span className={`ph ${stage.phase}`}><Glyph phase={stage.phase} /></span><b className="cut" title={stage.title[language]}>{stage.title[language]}</b></span>
      <Standing standing={stage.standing} />
      {SIDES.map(([side, position]) => <Handle key={`from ${side}`} id={side} type="source" position={position} isConnectable={false} />)}
    </div>
  );
}
