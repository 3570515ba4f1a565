/** What a terminal is like at a moment, and what came of the last scan: all that its screens draw. */
import type { Link } from "./queue";
import type { Action, FloorList, PickTaskView, ScanAnswer, WaitingScan } from "./scan";
import type { Judged } from "./verdict";

export type Mode = Exclude<Action, "short" | "weighed" | "packed_in" | "undone">;
export type More = { station?: string; carrier?: string; note?: string };

/** What came of a scan. `isHollow`: the terminal's own word, the hub has not said it yet. */
export interface Outcome {
  id: string;
  action: Action;
  judged: Judged;
  isHollow: boolean;
  code: string;
  sku: string;
  name: string;
  wanted: PickTaskView | null;
  at: number;
  /** The box that the hub counted it for. */
  box: ScanAnswer["box"];
}

export interface View {
  state: "opening" | "elsewhere" | "sign_in" | "house" | "on";
  who: string;
  house: string;
  houses: readonly string[];
  carrier: string;
  station: string;
  /** What the scanner puts before and behind each code. */
  prefix: string;
  suffix: string;
  /** Units of the next scan; 1 again after it. */
  units: number;
  device: string;
  mode: Mode;
  wave: string;
  task: string;
  /** The work whose box is open, or that is at the door. */
  box: string;
  /** The work whose box was closed last. */
  closed: string;
  /** What is to be put on a shelf, as it was scanned. */
  held: string;
  list: FloorList | null;
  waiting: readonly WaitingScan[];
  link: Link;
  trouble: string;
  gap: number;
  last: Outcome | null;
  stop: Outcome | null;
}

export const EMPTY: View = {
  state: "opening", who: "", house: "", houses: [], carrier: "", station: "", prefix: "", suffix: "", units: 1, device: "", mode: "picked", wave: "", task: "", box: "", closed: "", held: "",
  list: null, waiting: [], link: "on", trouble: "", gap: 0, last: null, stop: null,
};
