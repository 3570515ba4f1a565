/** What is ticked in a list: a store of its own, so that one tick draws one box again and not the whole table. */
import { useSyncExternalStore } from "react";

export class Selection {
  private readonly ids = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private last = "";
  private sorted: readonly string[] = [];

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** The ticked ones, in the order of ticking; the same array until one changes. */
  all = (): readonly string[] => this.sorted;

  toggle(id: string): void {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.last = id;
    this.changed();
  }

  /** Tick all from the last touched one to this one, as the rows stand. */
  extend(id: string, rows: readonly string[]): void {
    const from = rows.indexOf(this.last);
    const to = rows.indexOf(id);
    if (from < 0 || to < 0) return this.toggle(id);
    for (const one of rows.slice(Math.min(from, to), Math.max(from, to) + 1)) this.ids.add(one);
    this.last = id;
    this.changed();
  }

  /** Tick or untick the rows of this page; those of other pages stay as they are. */
  page(rows: readonly string[], isOn: boolean): void {
    for (const id of rows) {
      if (isOn) this.ids.add(id);
      else this.ids.delete(id);
    }
    this.changed();
  }

  clear(): void {
    this.ids.clear();
    this.changed();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private changed(): void {
    this.sorted = [...this.ids];
    for (const listener of this.listeners) listener();
  }
}

export function useTicked(selection: Selection, id: string): boolean {
  return useSyncExternalStore(selection.subscribe, () => selection.has(id));
}

export function useChosen(selection: Selection): readonly string[] {
  return useSyncExternalStore(selection.subscribe, selection.all);
}
