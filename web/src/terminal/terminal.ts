/** A hand terminal: where somebody stands in a wave, what they scan, what they are told at once and what the hub says to it. */
import { asProblem } from "@/api/problem";
import { habits } from "@/shell/habits";
import { oneLanguage } from "@/words/language";
import { countedBy, nameOf, openWaves, taskNow, toPutBack } from "./counters";
import { skuOf } from "./barcode";
import { readList, sendScans, whoAmI } from "./line";
import { ScanQueue } from "./queue";
import type { Action, FloorList, ListedWave, PickTaskView, ScanAnswer, Told, WaitingScan } from "./scan";
import { bareCode, cleanCode, newScanId } from "./scan";
import type { Notes, Shelf } from "./shelf";
import { play } from "./tones";
import type { Judged } from "./verdict";
import type { Mode, More, Outcome, View } from "./view";
import { EMPTY } from "./view";
import { ahead, boxWanting, isSorted, judgePick, workAt } from "./verdict";

export const ALONE_MS_MAX = 4 * 3_600_000;
const POLL_MS = 5_000;
export type { Mode, Outcome, View };
const NO: Judged = { verdict: "refused", reason: "", particulars: {} };

export class Terminal {
  view: View = EMPTY;
  private readonly listeners = new Set<() => void>();
  private readonly queue: ScanQueue;
  private raw: Notes["list"] = null;
  private doing: Promise<unknown> = Promise.resolve();

  /** `isBench`: at the pack bench, where a wave that is sorted is packed into all its boxes at once. */
  constructor(private readonly shelf: Shelf, readonly isBench = false) {
    if (isBench) this.view = { ...EMPTY, mode: "packed" };
    this.queue = new ScanQueue(shelf, sendScans, { answered: (scan, answer) => this.answered(scan, answer), changed: () => this.draw({}) });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The wave under way, with what waits counted in. */
  get wave(): ListedWave | undefined {
    const waves = this.view.list?.waves ?? [];
    const open = this.view.list ? openWaves(this.view.list) : [];
    return waves.find((one) => one.number === this.view.wave) ?? (open.length === 1 ? open[0] : undefined);
  }

  get task(): PickTaskView | undefined {
    return taskNow(this.wave, this.view.task);
  }

  async open(): Promise<void> {
    const notes = await this.shelf.notes();
    await this.queue.open();
    this.raw = notes.list?.body.warehouse === notes.house ? notes.list : null;
    this.draw({ who: notes.who, house: notes.house, carrier: notes.carrier, station: notes.station, prefix: notes.prefix, suffix: notes.suffix, device: notes.device });
    if (!navigator.onLine) this.queue.lose();
    await this.greet();
    setInterval(() => { if (!this.queue.isResting) void this.poll(); }, POLL_MS);
    window.addEventListener("online", () => void this.poll());
    window.addEventListener("offline", () => this.queue.lose());
  }

  /** Who works with it: by the session, else, alone, as before. */
  private async greet(): Promise<void> {
    try {
      const me = await whoAmI();
      const known = me.limits["warehouse"] ?? ["*"];
      const houses = known.filter((code) => code !== "*");
      const house = houses.length === 0 || houses.includes(this.view.house) ? this.view.house : "";
      this.draw({ who: me.name, houses, state: "house", house });
      await this.shelf.note({ who: me.name });
      await this.enter(house || (houses.length === 1 && houses[0]) || "");
    } catch (error) {
      if (asProblem(error).status === 401) return this.draw({ state: "sign_in" });
      this.queue.lose();
      this.draw({ state: this.view.who && this.view.house ? "on" : "sign_in" });
    }
  }

  /** Works in this house from now on; empty: asks for one. */
  async enter(house: string): Promise<void> {
    if (!house) return this.draw({ state: "house" });
    if (this.raw && this.raw.body.warehouse !== house) this.raw = null;
    this.draw({ house, state: "on", wave: "", task: "", box: "", held: "", last: null, stop: null });
    await this.shelf.note({ house });
    await this.poll();
  }

  leave(): void {
    this.draw({ house: "", state: "house" });
  }

  /** Another page of this browser is the terminal. */
  stepBack(): void {
    this.draw({ state: "elsewhere" });
  }

  async set(noted: Partial<Pick<View, "carrier" | "station" | "prefix" | "suffix">>): Promise<void> {
    this.draw(noted);
    await this.shelf.note(noted);
  }

  choose(changed: Partial<Pick<View, "mode" | "wave" | "task" | "box" | "held" | "units">>): void {
    this.draw({ ...changed, stop: null, last: changed.mode && changed.mode !== this.view.mode ? null : this.view.last });
  }

  /** What waits is sent; then, and only when nothing waits, the list is read: so nothing counts in it twice. */
  private async poll(): Promise<void> {
    if (this.view.state !== "on" || document.visibilityState === "hidden") return;
    await this.queue.push();
    if (this.queue.waiting.length > 0) return;
    try {
      const found = await readList(this.view.house, this.raw?.tag ?? "");
      if (this.raw || found) this.raw = { ...((found ?? this.raw) as { body: FloorList; tag: string }), at: Date.now() };
      this.queue.reached();
      if (found) await this.shelf.note({ list: this.raw });
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 401) this.draw({ state: "sign_in" });
      else if (problem.status >= 400 && !problem.isPassing) this.draw({ state: "house", trouble: oneLanguage(problem.detail, habits.get("language")) });
      else this.queue.lose();
    }
  }

  /** One scan after the other, each kept before it is told. */
  scan(text: string): Promise<unknown> {
    const code = bareCode(cleanCode(text), this.view.prefix, this.view.suffix);
    if (code) this.doing = this.doing.then(() => this.take(code)).catch(() => this.refuse(code, "not_kept"));
    return this.doing;
  }

  /** The place lacks what it should have. */
  short(reason: string): Promise<unknown> {
    return this.task ? this.say("short", this.task.task, reason) : this.doing;
  }

  /** What somebody says by a button or a scale, in its turn. */
  say(action: Action, subject: string, code: string, more: More = {}): Promise<unknown> {
    this.doing = this.doing.then(() => this.ask(action, subject, code, more)).catch(() => this.refuse(code, "not_kept"));
    return this.doing;
  }

  private async take(code: string): Promise<void> {
    const { list, mode } = this.view;
    if (!list) return this.refuse(code, "no_list");
    if (this.queue.isFull) return this.refuse(code, "queue_full");
    if (mode === "picked") return this.pick(list, code);
    if (mode === "packed") return this.pack(list, code);
    return mode === "out" ? this.out(list, code) : this.put(list, code);
  }

  private async pick(list: FloorList, code: string): Promise<void> {
    if (list.waves.some((wave) => wave.number === code)) return this.note({ wave: code, task: "" });
    const [wave, task] = [this.wave, this.task];
    if (!skuOf(list, code) && list.places.some((place) => place.code === code)) {
      const there = wave?.tasks.find((one) => one.place === code && one.rest > 0);
      return there ? this.note({ task: there.task }) : this.refuse(code, "nothing_here");
    }
    if (!task) return this.refuse(code, "no_wave");
    if (this.queue.link !== "on" && Date.now() - (this.raw?.at ?? 0) > ALONE_MS_MAX) return this.refuse(code, "alone_too_long");
    const judged = judgePick(list, task, code, this.view.units);
    const isYes = judged.verdict === "right";
    const subject = isYes || judged.verdict === "wrong" ? task.task : ""; // what was told no must never be counted
    const kept = await this.keep("picked", subject, code, isYes ? "yes" : "no");
    this.tell(this.outcome(kept.id, "picked", code, judged, task, isYes));
    if (isYes) this.draw({ task: task.task, wave: wave?.number ?? "" });
  }

  private async pack(list: FloorList, code: string): Promise<void> {
    if (list.waves.some((wave) => wave.number === code)) return this.note({ wave: code, box: "" });
    const named = workAt(list, code);
    if (named) return this.note({ box: named });
    if (list.materials?.some((one) => one.code === code) && (this.view.box || this.view.closed)) return this.ask("packed_in", this.view.box || this.view.closed, code);
    const wall = this.isBench && !this.view.box ? list.waves.find((wave) => wave.number === this.view.wave && isSorted(wave)) : undefined;
    const box = wall?.number ?? (this.view.box || boxWanting(list, this.view.wave, code));
    if (!box) return this.refuse(code, "no_box");
    if (this.queue.link === "on" && !wall) this.draw({ box });
    await this.ask("packed", box, code, { station: this.view.station });
  }

  private async out(list: FloorList, code: string): Promise<void> {
    const isWork = list.waves.some((wave) => wave.works.some(({ work }) => work.work === code));
    await this.ask("out", isWork ? code : this.view.box, code, { carrier: isWork || !this.view.box ? "" : this.view.carrier });
  }

  private async put(list: FloorList, code: string): Promise<void> {
    const { held } = this.view;
    if (!held || skuOf(list, code)) return this.note({ held: code });
    const back = toPutBack(list).find((one) => one.task.sku === skuOf(list, held));
    await this.ask("put_away", code, held, { station: back?.wave.tote ?? "" });
  }

  /** What the hub alone can say; where it is away nothing is kept that could happen later. */
  private async ask(action: Action, subject: string, code: string, more: More = {}): Promise<void> {
    if (this.queue.link !== "on") return this.refuse(code, "needs_hub");
    const kept = await this.keep(action, subject, code, "asked", more);
    this.draw({ last: this.outcome(kept.id, action, code, { ...NO, verdict: "right" }, this.task ?? null, true), stop: null });
    await this.queue.push(); // the next scan is judged when the word on this one is known, or does not come
  }

  private keep(action: Action, subject: string, code: string, told: Told, more: More = {}): Promise<WaitingScan> {
    const quantity = action === "picked" || action === "packed" || action === "put_away" ? this.view.units : 1;
    this.view = { ...this.view, units: 1 };
    return this.queue.add({
      id: newScanId(), at: new Date().toISOString(), action, code, subject, quantity, station: more.station ?? "", carrier: more.carrier ?? "",
      note: more.note ?? "", is_offline: false, warehouse: this.view.house, told,
    });
  }

  private answered(scan: WaitingScan, answer: ScanAnswer): void {
    if (this.raw) this.raw = { ...this.raw, body: countedBy(this.raw.body, answer), tag: "" };
    if (this.queue.waiting.length === 0) void this.shelf.note({ list: this.raw });
    const { verdict, reason, particulars } = answer;
    const isLast = this.view.last?.id === scan.id;
    if (scan.told === "no") return this.draw({});
    const wanted = this.raw?.body.waves.flatMap((wave) => wave.tasks).find((task) => task.task === scan.subject) ?? null;
    const outcome = this.outcome(scan.id, scan.action, scan.code, { verdict, reason, particulars }, wanted, false, answer.box);
    if (scan.action === "out" && reason === "lacks" && particulars["lacks"] === "waybill" && scan.code === scan.subject) {
      play("tick");
      return this.draw({ box: scan.subject, last: outcome, stop: null });
    }
    if (scan.told === "yes" && verdict === "right") return this.draw(isLast ? { last: outcome } : {});
    if (verdict === "late") return this.draw(isLast ? { last: outcome } : {}); // the list has it as units to put back
    this.tell(outcome);
    if (verdict === "right" && scan.action !== "weighed" && scan.action !== "packed_in" && scan.action !== "undone") this.draw({ held: "", closed: reason === "box_closed" ? answer.box?.work ?? "" : this.view.closed, box: reason === "box_closed" || scan.action === "out" ? "" : this.view.box });
  }

  private outcome(id: string, action: Action, code: string, judged: Judged, wanted: PickTaskView | null, isHollow: boolean, box: ScanAnswer["box"] = null): Outcome {
    const sku = this.view.list ? skuOf(this.view.list, code) : "";
    return { id, action, judged, isHollow, code, sku, name: nameOf(this.view.list, sku), wanted, at: Date.now(), box };
  }

  private tell(outcome: Outcome): void {
    const isRight = outcome.judged.verdict === "right";
    const isDone = outcome.judged.reason === "box_closed" || outcome.action === "out" || (outcome.isHollow && outcome.action === "picked" && !this.task);
    play(isRight ? (isDone ? "done" : "right") : "wrong");
    this.draw(isRight ? { last: outcome, stop: null } : { stop: outcome });
  }

  private refuse(code: string, reason: string): void {
    this.tell(this.outcome("", this.view.mode, code, { ...NO, reason }, this.task ?? null, false));
  }

  private note(changed: Partial<View>): void {
    play("tick");
    this.draw({ ...changed, last: null, stop: null });
  }

  /** Draws anew; the list always has counted in it what waits. */
  private draw(changed: Partial<View>): void {
    const { waiting, link, gap } = this.queue;
    const list = this.raw ? ahead(this.raw.body, waiting) : null;
    const told = this.view.state === "house" ? this.view.trouble : "";
    const trouble = link === "refused" ? this.queue.trouble : told;
    this.view = { ...this.view, trouble, ...changed, waiting, link, gap, list };
    if (link === "signed_out") this.view = { ...this.view, state: "sign_in" };
    this.listeners.forEach((listener) => listener());
  }
}
