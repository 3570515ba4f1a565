/** Where the stages of any lifecycle stand: phases from left to right, their stages below one another, trouble beneath. */
import type { NodeView } from "@/api/generated/schema";

export const BOX = { width: 208, height: 74 };
const GAP = { x: 96, y: 34 };
/** Phases of an order on its way, each a column; stages of the others stand beneath them. */
const ON_ITS_WAY = ["new", "ready", "in_transit", "delivered"];
/** A place a column further away is as good as one so many rows lower. */
const ROWS_A_COLUMN = 2;

export interface Place {
  column: number;
  row: number;
}

type Arrow = { source: string; target: string };

/** The stages of the way in the order of their phases and, within one, of the blueprint. */
export function way(nodes: readonly NodeView[]): readonly NodeView[] {
  return ON_ITS_WAY.flatMap((phase) => nodes.filter((node) => node.phase === phase));
}

/** A place for every stage; no two share one. */
export function placesOf(nodes: readonly NodeView[], arrows: readonly Arrow[]): ReadonlyMap<string, Place> {
  const phases = ON_ITS_WAY.filter((phase) => nodes.some((node) => node.phase === phase));
  const heights = phases.map(() => 0);
  const places = new Map<string, Place>();
  const put = (name: string, column: number) => {
    const row = heights[column] ?? 0;
    heights[column] = row + 1;
    places.set(name, { column, row });
  };
  for (const node of way(nodes)) put(node.name, phases.indexOf(node.phase));
  for (const node of nodes.filter((one) => !phases.includes(one.phase))) {
    const near = arrows.flatMap((arrow) => (arrow.target === node.name ? [arrow.source] : arrow.source === node.name ? [arrow.target] : []))
      .map((name) => places.get(name)?.column).filter((column) => column !== undefined);
    const wanted = near.length ? near.reduce((sum, column) => sum + column, 0) / near.length : 0;
    const cost = (column: number) => (heights[column] ?? 0) + ROWS_A_COLUMN * Math.abs(column - wanted);
    put(node.name, heights.map((_, column) => column).sort((a, b) => cost(a) - cost(b))[0] ?? 0);
  }
  return places;
}

/** Where a place is on the drawing, in pixels. */
export function pointOf({ column, row }: Place): { x: number; y: number } {
  return { x: column * (BOX.width + GAP.x), y: row * (BOX.height + GAP.y) };
}

export type Side = "left" | "right" | "top" | "bottom";

/** The sides of two boxes that an arrow between them joins: never through what stands between. */
export function sidesOf(source: Place, target: Place): [Side, Side] {
  if (source.column < target.column) return ["right", "left"];
  if (source.column > target.column) return ["left", "right"];
  if (target.row === source.row + 1) return ["bottom", "top"];
  return ["right", "right"];
}
