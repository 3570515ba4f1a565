/** What was scanned, on its way to the hub: in its order, sent again until acknowledged, and deleted by nothing else. */
import { asProblem } from "@/api/problem";
import { habits } from "@/shell/habits";
import { oneLanguage } from "@/words/language";
import type { FreshScan, ScanAnswer, ScansTaken, WaitingScan } from "./scan";
import type { Shelf } from "./shelf";
import { newDevice } from "./shelf";

export const BATCH_MAX = 100;
export const WAITING_MAX = 500;
const BACK_OFF_MS = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

/** `signed_out`: somebody has to sign in; `refused`: the hub takes no scans of this house, or not these. */
export type Link = "on" | "away" | "signed_out" | "refused";

export interface Hears {
  /** The hub's word on a scan. */
  answered(scan: WaitingScan, answer: ScanAnswer): void;
  /** The link, what waits or the gap is another than before. */
  changed(): void;
}

export class ScanQueue {
  waiting: WaitingScan[] = [];
  link: Link = "on";
  /** Why the hub takes none, in its own words. */
  trouble = "";
  /** The number of the first scan that the hub lacks although this terminal has none of it any more; 0: none. */
  gap = 0;
  /** Whether it waits before it tries again. */
  isResting = false;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private run: Promise<void> | null = null;

  constructor(private readonly shelf: Shelf, private readonly send: (batch: readonly WaitingScan[]) => Promise<ScansTaken>, private readonly hears: Hears) {}

  async open(): Promise<void> {
    this.waiting = await this.shelf.waiting();
  }

  get isFull(): boolean {
    return this.waiting.length >= WAITING_MAX;
  }

  /** Kept when this is over, and on its way. */
  async add(scan: FreshScan): Promise<WaitingScan> {
    const kept = await this.shelf.append({ ...scan, is_offline: scan.told === "yes" && this.link !== "on" });
    this.waiting = [...this.waiting, kept];
    this.hears.changed();
    if (this.link === "on") void this.push();
    return kept;
  }

  /** Sends until nothing waits or a try fails; one run at a time. */
  push(): Promise<void> {
    clearTimeout(this.timer);
    this.isResting = false;
    this.run ??= this.empty().finally(() => {
      this.run = null;
      if (this.waiting.length > 0 && this.link === "on") void this.push(); // one that came in between
    });
    return this.run;
  }

  /** The network is gone, as the browser says or as a call found out. */
  lose(): void {
    this.link = "away";
    this.hears.changed();
  }

  private async empty(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.batch();
      try {
        if (!(await this.acknowledge(batch, await this.send(batch)))) throw new Error("none was acknowledged");
      } catch (error) {
        await this.fail(batch, error);
        return;
      }
    }
    this.reached();
  }

  /** The oldest, of one house: a batch names it once. */
  private batch(): WaitingScan[] {
    const other = this.waiting.findIndex((scan) => scan.warehouse !== this.waiting[0]?.warehouse);
    return this.waiting.slice(0, other < 0 ? BATCH_MAX : Math.min(other, BATCH_MAX));
  }

  private async acknowledge(batch: readonly WaitingScan[], taken: ScansTaken): Promise<boolean> {
    const answers = new Map(taken.scans.map((answer) => [answer.id, answer]));
    const isTaken = (scan: WaitingScan) => answers.has(scan.id) && answers.get(scan.id)?.reason !== "seq_used";
    const gone = batch.filter(isTaken);
    await this.shelf.remove(gone.map((scan) => scan.seq));
    const seqs = new Set(gone.map((scan) => scan.seq));
    this.waiting = this.waiting.filter((scan) => !seqs.has(scan.seq));
    if (batch.some((scan) => answers.get(scan.id)?.reason === "seq_used")) this.waiting = await this.shelf.rename(newDevice());
    const ours = Math.min(...this.waiting.map((scan) => scan.seq), (batch[batch.length - 1]?.seq ?? 0) + 1);
    this.gap = taken.contiguous + 1 < ours ? taken.contiguous + 1 : 0;
    this.reached();
    for (const scan of gone) this.hears.answered(scan, answers.get(scan.id) as ScanAnswer);
    return gone.length > 0 || answers.size > 0;
  }

  reached(): void {
    this.tries = 0;
    this.trouble = "";
    this.link = "on";
    this.hears.changed();
  }

  private async fail(batch: readonly WaitingScan[], error: unknown): Promise<void> {
    const problem = asProblem(error);
    const isSignedOut = problem.status === 401 || problem.code === "csrf";
    const isRefused = !isSignedOut && problem.status >= 400 && !problem.isPassing && problem.status < 500;
    this.link = isSignedOut ? "signed_out" : isRefused ? "refused" : "away";
    this.trouble = isRefused ? oneLanguage(problem.detail, habits.get("language")) : "";
    const alone = batch.filter((scan) => scan.told === "yes" && !scan.is_offline).map((scan) => scan.seq);
    await this.shelf.alone(alone).catch(() => undefined);
    this.waiting = this.waiting.map((scan) => (alone.includes(scan.seq) ? { ...scan, is_offline: true } : scan));
    this.hears.changed();
    const wait = Math.max(BACK_OFF_MS[Math.min(this.tries, BACK_OFF_MS.length - 1)] ?? 0, problem.waitSeconds * 1_000);
    this.tries += 1;
    this.isResting = true;
    if (!isSignedOut) this.timer = setTimeout(() => void this.push(), wait);
  }
}
