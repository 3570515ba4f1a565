/** The shelf in the browser's own database: what was scanned outlives the page, the battery and the night. */
import type { FreshScan, WaitingScan } from "./scan";
import type { Notes, Shelf } from "./shelf";
import { FleetingShelf, NO_NOTES, newDevice } from "./shelf";

const NAME = "orderloom-terminal";
type Stores = { scans: IDBObjectStore; notes: IDBObjectStore };

/** The database's shelf, or one that forgets where the browser has none. */
export async function openShelf(): Promise<Shelf> {
  try {
    const opened = indexedDB.open(NAME, 1);
    opened.addEventListener("upgradeneeded", () => {
      opened.result.createObjectStore("scans", { keyPath: "seq" });
      opened.result.createObjectStore("notes");
    });
    const shelf = new KeptShelf(await done(opened));
    if (!(await shelf.notes()).device) await shelf.note({ device: newDevice() });
    return shelf;
  } catch {
    return new FleetingShelf();
  }
}

class KeptShelf implements Shelf {
  constructor(private readonly base: IDBDatabase) {}

  append(scan: FreshScan): Promise<WaitingScan> {
    return this.within("readwrite", async ({ scans, notes }) => {
      const kept = { ...scan, device: (await done(notes.get("device"))) as string, seq: ((await done(notes.get("seq"))) ?? 0) + 1 };
      await done(notes.put(kept.seq, "seq"));
      await done(scans.add(kept));
      return kept;
    });
  }
  waiting(): Promise<WaitingScan[]> {
    return this.within("readonly", async ({ scans }) => (await done(scans.getAll())) as WaitingScan[]);
  }
  remove(seqs: readonly number[]): Promise<void> {
    return this.within("readwrite", async ({ scans }) => {
      for (const seq of seqs) await done(scans.delete(seq));
    });
  }
  alone(seqs: readonly number[]): Promise<void> {
    return this.within("readwrite", async ({ scans }) => {
      for (const seq of seqs) {
        const kept = (await done(scans.get(seq))) as WaitingScan | undefined;
        if (kept) await done(scans.put({ ...kept, is_offline: true }));
      }
    });
  }
  rename(device: string): Promise<WaitingScan[]> {
    return this.within("readwrite", async ({ scans, notes }) => {
      const kept = ((await done(scans.getAll())) as WaitingScan[]).map((scan, at) => ({ ...scan, device, seq: at + 1 }));
      await done(scans.clear());
      for (const scan of kept) await done(scans.add(scan));
      await done(notes.put(kept.length, "seq"));
      await done(notes.put(device, "device"));
      return kept;
    });
  }
  notes(): Promise<Notes> {
    return this.within("readonly", async ({ notes }) => {
      const found: Record<string, unknown> = { ...NO_NOTES };
      for (const key of Object.keys(NO_NOTES)) found[key] = (await done(notes.get(key))) ?? found[key];
      return found as unknown as Notes;
    });
  }
  note(changed: Partial<Notes>): Promise<void> {
    return this.within("readwrite", async ({ notes }) => {
      for (const [key, value] of Object.entries(changed)) await done(notes.put(value, key));
    });
  }

  /** One transaction; what it says is so only when it is on the disk. */
  private async within<T>(mode: IDBTransactionMode, act: (stores: Stores) => Promise<T>): Promise<T> {
    const work = this.base.transaction(["scans", "notes"], mode, { durability: mode === "readwrite" ? "strict" : "default" });
    const ended = new Promise<void>((resolve, reject) => {
      work.addEventListener("complete", () => resolve());
      work.addEventListener("abort", () => reject(work.error ?? new DOMException("aborted", "AbortError")));
    });
    const [said] = await Promise.all([act({ scans: work.objectStore("scans"), notes: work.objectStore("notes") }), ended]);
    return said;
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new DOMException("failed", "UnknownError")));
  });
}
