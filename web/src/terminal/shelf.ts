/** Where scans wait, and the few notes that a terminal keeps: what every shelf can, and one that forgets with the page. */
import type { FloorList, FreshScan, WaitingScan } from "./scan";

export interface Notes {
  device: string;
  who: string;
  house: string;
  carrier: string;
  /** The bench that somebody packs at. */
  station: string;
  prefix: string;
  suffix: string;
  list: { body: FloorList; tag: string; at: number } | null;
}
export const NO_NOTES: Notes = { device: "", who: "", house: "", carrier: "", station: "", prefix: "", suffix: "", list: null };

export interface Shelf {
  /** Keeps a scan under the terminal's next number. What it returns is kept, whatever happens then. */
  append(scan: FreshScan): Promise<WaitingScan>;
  /** All that wait, in the order of their numbers. */
  waiting(): Promise<WaitingScan[]>;
  /** These were acknowledged. */
  remove(seqs: readonly number[]): Promise<void>;
  /** These were told yes, and the hub did not hear of it at once. */
  alone(seqs: readonly number[]): Promise<void>;
  /** The terminal counts anew under another name; what waits gets numbers from 1. */
  rename(device: string): Promise<WaitingScan[]>;
  notes(): Promise<Notes>;
  note(changed: Partial<Notes>): Promise<void>;
}

/** A name that no other terminal has. */
export function newDevice(): string {
  const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  return `T-${Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => letters[byte % letters.length]).join("")}`;
}

/** For a browser that keeps nothing, as a private window: works while the page is open. */
export class FleetingShelf implements Shelf {
  private scans: WaitingScan[] = [];
  private kept: Notes = { ...NO_NOTES, device: newDevice() };
  private seq = 0;

  async append(scan: FreshScan): Promise<WaitingScan> {
    this.seq += 1;
    const kept = { ...scan, device: this.kept.device, seq: this.seq };
    this.scans.push(kept);
    return kept;
  }
  async waiting(): Promise<WaitingScan[]> {
    return [...this.scans];
  }
  async remove(seqs: readonly number[]): Promise<void> {
    this.scans = this.scans.filter((scan) => !seqs.includes(scan.seq));
  }
  async alone(seqs: readonly number[]): Promise<void> {
    this.scans = this.scans.map((scan) => (seqs.includes(scan.seq) ? { ...scan, is_offline: true } : scan));
  }
  async rename(device: string): Promise<WaitingScan[]> {
    this.kept = { ...this.kept, device };
    this.scans = this.scans.map((scan, at) => ({ ...scan, device, seq: at + 1 }));
    this.seq = this.scans.length;
    return this.waiting();
  }
  async notes(): Promise<Notes> {
    return this.kept;
  }
  async note(changed: Partial<Notes>): Promise<void> {
    this.kept = { ...this.kept, ...changed };
  }
}
