import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Problem } from "@/api/problem";
import { aScan } from "./floor.fixture";
import { BATCH_MAX, ScanQueue } from "./queue";
import type { ScanAnswer, ScansTaken, WaitingScan } from "./scan";
import { FleetingShelf } from "./shelf";

/** A hub that keeps each scan once, and can be away, or hear and not be heard. */
class Hub {
  kept = new Map<string, number>();
  batches: number[][] = [];
  offline: boolean[] = [];
  fault: Problem | null = null;
  isMute = false;
  send = async (batch: readonly WaitingScan[]): Promise<ScansTaken> => {
    if (this.fault) throw this.fault;
    this.batches.push(batch.map((scan) => scan.seq));
    for (const scan of batch) {
      if (!this.kept.has(scan.id)) this.offline.push(scan.is_offline);
      this.kept.set(scan.id, scan.seq);
    }
    if (this.isMute) throw new Problem(0, "unreachable", "");
    const seqs = new Set(this.kept.values());
    let contiguous = 0;
    while (seqs.has(contiguous + 1)) contiguous += 1;
    return { device: "T", contiguous, scans: batch.map((scan) => answer(scan)) };
  };
}
const answer = (scan: WaitingScan): ScanAnswer => ({ id: scan.id, seq: scan.seq, verdict: "right", reason: "", particulars: {}, task: null, box: null, wave: "", is_known: false });
const AWAY = new Problem(0, "unreachable", "");

let hub: Hub;
let shelf: FleetingShelf;
let queue: ScanQueue;
let answered: string[];

beforeEach(() => {
  vi.useFakeTimers();
  hub = new Hub();
  shelf = new FleetingShelf();
  answered = [];
  queue = new ScanQueue(shelf, hub.send, { answered: (scan) => answered.push(scan.id), changed: () => undefined });
});
afterEach(() => vi.useRealTimers());
const settle = () => vi.advanceTimersByTimeAsync(0);

test("what the hub did not acknowledge is sent again, later and later, and counts there once", async () => {
  hub.isMute = true;
  await queue.add(aScan({ id: "a" }));
  await settle();
  expect([queue.link, queue.waiting.length, hub.batches.length]).toEqual(["away", 1, 1]);
  await vi.advanceTimersByTimeAsync(1_000);
  await vi.advanceTimersByTimeAsync(1_999);
  expect(hub.batches.length).toBe(2);
  hub.isMute = false;
  await vi.advanceTimersByTimeAsync(1);
  expect([queue.link, queue.waiting.length, hub.kept.size]).toEqual(["on", 0, 1]);
  expect([answered, await shelf.waiting()]).toEqual([["a"], []]);
});

test("a long time alone goes up in its order, at most 100 at once, and says that the picker was told yes", async () => {
  queue.lose();
  for (let at = 0; at < BATCH_MAX + 5; at++) await queue.add(aScan({ id: `${at}`, told: at === 1 ? "no" : "yes" }));
  await queue.push();
  expect(hub.batches.map((batch) => batch.length)).toEqual([BATCH_MAX, 5]);
  expect(hub.batches.flat()).toEqual(Array.from({ length: BATCH_MAX + 5 }, (_, at) => at + 1));
  expect(hub.offline.slice(0, 3)).toEqual([true, false, true]);
  expect([queue.waiting, queue.gap]).toEqual([[], 0]);
});

test("a scan that was thought to go up at once and did not is one that was judged alone", async () => {
  hub.fault = AWAY;
  await queue.add(aScan());
  await settle();
  hub.fault = null;
  await queue.push();
  expect(hub.offline).toEqual([true]);
});

test("who is signed out loses nothing, and nothing is sent until they are in", async () => {
  hub.fault = new Problem(401, "not_signed_in", "");
  await queue.add(aScan());
  await settle();
  await vi.advanceTimersByTimeAsync(120_000);
  expect([queue.link, (await shelf.waiting()).length]).toEqual(["signed_out", 1]);
});

test("scans that the hub lacks and nobody has any more are seen as a gap", async () => {
  queue.lose();
  for (const id of ["a", "b", "c"]) await queue.add(aScan({ id }));
  await shelf.remove([2]);
  await queue.open();
  await queue.push();
  expect([queue.gap, queue.waiting.length]).toEqual([2, 0]);
});

test("a page that opens again goes on with what it left, and one house's scans never go as another's", async () => {
  queue.lose();
  await queue.add(aScan({ warehouse: "HZ" }));
  await queue.add(aScan({ warehouse: "SH" }));
  const again = new ScanQueue(shelf, hub.send, { answered: () => undefined, changed: () => undefined });
  await again.open();
  await again.push();
  expect(hub.batches).toEqual([[1], [2]]);
});

test("a number that another scan has makes the terminal count anew under another name", async () => {
  let isFirst = true;
  const used = new ScanQueue(shelf, async (batch) => {
    if (!isFirst) return hub.send(batch);
    isFirst = false;
    return { device: "T", contiguous: 9, scans: batch.map((scan) => ({ ...answer(scan), verdict: "refused", reason: "seq_used" })) };
  }, { answered: (scan) => answered.push(scan.id), changed: () => undefined });
  const before = (await shelf.notes()).device;
  await used.add(aScan({ id: "a" }));
  await settle();
  expect([answered, hub.batches, used.gap]).toEqual([["a"], [[1]], 0]);
  expect((await shelf.notes()).device).not.toBe(before);
});
