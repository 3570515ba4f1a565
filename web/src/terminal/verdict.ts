/**
 * What a terminal says by itself, from the list that it carries along: pure, and as the hub judges (domain/floor/verdict.py).
 * It is provisional: the hub's word stands. What it says no to is never counted, so nobody is told to put back what counts.
 */
import type { ScanVerdict } from "@/api/generated/schema";
import { skuOf } from "./barcode";
import type { FloorList, ListedWave, PickTaskView, WaitingScan } from "./scan";

export interface Judged {
  verdict: ScanVerdict;
  reason: string;
  particulars: Record<string, string>;
}

/** A scan at the shelf of `task` ("W-…/3"). */
export function judgePick(list: FloorList, task: PickTaskView, code: string, units = 1): Judged {
  const sku = skuOf(list, code);
  if (!sku) return judged("unknown", "no_such_item");
  const wave = list.waves.find((one) => one.tasks.some((other) => other.task === task.task));
  if (!wave) return judged("unknown", "no_such_task");
  if (sku !== task.sku) return whose(wave.tasks.find((one) => one.sku === sku && one.rest > 0));
  if (wave.state === "cancelled") return judged("cancelled", "wave_cancelled");
  if (wave.works.some((one) => one.work.work === task.work && !one.work.is_live)) return judged("cancelled", "work_left");
  return task.rest < units ? judged("over", "task_full") : judged("right");
}

/** The box that a scan at the bench without an open one is for: the first that wants the item and has it in its tote. */
export function boxWanting(list: FloorList, wave: string, code: string): string {
  const sku = skuOf(list, code);
  const waves = list.waves.filter((one) => !wave || one.number === wave);
  for (const one of waves) {
    const found = one.works.find(({ work }) => work.is_live && !work.is_boxed && inTote(one, work.work, sku) > 0);
    if (found) return found.work.work;
  }
  return "";
}

/** The work that a code names: its number, or the waybill of its label; empty when it names none. */
export function workAt(list: FloorList, code: string): string {
  return list.waves.flatMap((wave) => wave.works).find(({ work, waybill }) => work.work === code || (waybill !== "" && waybill === code))?.work.work ?? "";
}

/** Whether a wave's pieces are sorted into slots: whoever packs it needs no box of their own choice. */
export function isSorted(wave: ListedWave): boolean {
  return wave.kind === "cluster" || wave.kind === "batch_sort";
}

/** Units of an item that were fetched for a work and are not in its box. */
export function inTote(wave: ListedWave, work: string, sku: string): number {
  return wave.tasks.filter((task) => task.work === work && task.sku === sku).reduce((sum, task) => sum + task.picked - task.packed, 0);
}

/** The list as it will be when what waits is counted: of that only what the terminal has said yes to. */
export function ahead(list: FloorList, waiting: readonly WaitingScan[]): FloorList {
  const units = new Map<string, number>();
  for (const scan of waiting) {
    if (scan.action === "picked" && scan.told === "yes") units.set(scan.subject, (units.get(scan.subject) ?? 0) + scan.quantity);
  }
  if (units.size === 0) return list;
  const counted = (task: PickTaskView) => {
    const more = units.get(task.task);
    return more ? { ...task, picked: task.picked + more, rest: Math.max(task.rest - more, 0) } : task;
  };
  return { ...list, waves: list.waves.map((wave) => ({ ...wave, tasks: wave.tasks.map(counted) })) };
}

function whose(task: PickTaskView | undefined): Judged {
  return task ? judged("wrong", "of_another", { work: task.work, slot: String(task.slot) }) : judged("wrong", "of_nobody");
}

function judged(verdict: ScanVerdict, reason = "", particulars: Record<string, string> = {}): Judged {
  return { verdict, reason, particulars };
}
