/** A small floor for tests: two cups for two works at one place, a spoon at another. */
import type { FloorList, FreshScan, PickTaskView, WaitingScan } from "./scan";

export const WAVE = "W-20261128-0001";

export function aTask(no: number, sku: string, changed: Partial<PickTaskView> = {}): PickTaskView {
  return {
    task: `${WAVE}/${no}`, no, work: `K-${no}`, slot: no, place: sku === "CUP" ? "A-01" : "B-01", sequence: no, sku, name: sku, lot: "", expires_on: null,
    quantity: 1, picked: 0, short: 0, packed: 0, extra: 0, returned: 0, rest: 1, to_put_back: 0, picker: "", ...changed,
  };
}

export function aList(...tasks: PickTaskView[]): FloorList {
  const works = tasks.map((task) => ({
    work: { work: task.work, order: "O", slot: task.slot, state: "picking", is_live: true, is_boxed: false, units: task.quantity, picked: task.picked, packed: task.packed },
    wants: { [task.sku]: task.quantity }, has: { [task.sku]: task.packed }, label: "", waybill: "", weight_g: 0, material: "", fits: "",
  }));
  return {
    warehouse: "HZ", waves: [{ number: WAVE, kind: "cluster", state: "released", tote: WAVE, works, tasks }],
    places: [], barcodes: { "6901234567892": "CUP", "6901234567809": "SPOON" }, pictures: {}, stations: [], materials: [],
  };
}

export function aScan(changed: Partial<FreshScan> = {}): FreshScan {
  return { id: `id-${Math.random()}`, at: "2026-11-28T10:00:00Z", action: "picked", code: "CUP", subject: `${WAVE}/1`, quantity: 1, station: "", carrier: "", note: "", is_offline: false, warehouse: "HZ", told: "yes", ...changed };
}

export function waits(...scans: FreshScan[]): WaitingScan[] {
  return scans.map((scan, at) => ({ ...scan, device: "T-1", seq: at + 1 }));
}
