/** The list that is carried along: brought up to the hub's counters, and walked. Pure. */
import type { FloorList, ListedWave, PickTaskView, ScanAnswer } from "./scan";

/** What a box's label is by what its closing scan was told. */
const LABELS: Record<string, string> = { asked: "asked", in_doubt: "in_doubt", printing: "bought", printed_before: "bought", no_printer: "bought" };

/** The list with the counters that the hub answered; the next reading of it replaces them. */
export function countedBy(list: FloorList, answer: ScanAnswer): FloorList {
  const { task, box } = answer;
  const tasks = (wave: ListedWave) => wave.tasks.map((one) => (one.task === task?.task
    ? { ...one, picked: task.picked, short: task.short, packed: task.packed, rest: task.rest, to_put_back: task.to_put_back } : one));
  const works = (wave: ListedWave) => wave.works.map((one) => {
    if (one.work.work !== box?.work) return one;
    const more = answer.verdict === "right" ? box.packed - one.work.packed : 0;
    const sku = more === 0 ? undefined : wave.tasks.find((other) => other.task === task?.task)?.sku;
    const has = sku ? { ...one.has, [sku]: (one.has[sku] ?? 0) + more } : one.has;
    return { ...one, has, label: LABELS[answer.particulars["label"] ?? ""] ?? one.label, weight_g: box.weight_g, material: box.material, work: { ...one.work, picked: box.picked, packed: box.packed, is_boxed: box.is_boxed } };
  });
  return { ...list, waves: list.waves.map((wave) => (wave.number === answer.wave ? { ...wave, tasks: tasks(wave), works: works(wave) } : wave)) };
}

/** Waves of which something is still to be fetched. */
export function openWaves(list: FloorList): ListedWave[] {
  return list.waves.filter((wave) => wave.tasks.some((task) => task.rest > 0));
}

/** The task to be done: the chosen one while it lacks something, else the next of the walk after it, else the first. */
export function taskNow(wave: ListedWave | undefined, chosen: string): PickTaskView | undefined {
  const open = wave?.tasks.filter((task) => task.rest > 0) ?? [];
  const before = wave?.tasks.findIndex((task) => task.task === chosen) ?? -1;
  return open.find((task) => task.task === chosen) ?? open.find((task) => (wave?.tasks.indexOf(task) ?? 0) > before) ?? open[0];
}

/** The task of the walk after this one that lacks something. */
export function taskAfter(wave: ListedWave, task: PickTaskView): PickTaskView | undefined {
  const open = wave.tasks.filter((one) => one.rest > 0 && one.task !== task.task);
  const at = wave.tasks.indexOf(task);
  return open.find((one) => wave.tasks.indexOf(one) > at) ?? open[0];
}

/** Units in totes that nobody needs. */
export function toPutBack(list: FloorList): { wave: ListedWave; task: PickTaskView }[] {
  return list.waves.flatMap((wave) => wave.tasks.filter((task) => task.to_put_back > 0).map((task) => ({ wave, task })));
}

/** What a SKU is called, where the list says so. */
export function nameOf(list: FloorList | null, sku: string): string {
  return list?.waves.flatMap((wave) => wave.tasks).find((task) => task.sku === sku)?.name ?? "";
}
