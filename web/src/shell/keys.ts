/** Every shortcut of the console in one table. Keys act only when no field has the focus and no input method is composing. */
import { useEffect, useRef } from "react";
import type { shell } from "@/words/shell";
import { habits } from "./habits";

type WordKey = Exclude<keyof (typeof shell)["zh"], "kGo" | "live">;
export type Place = "anywhere" | "list" | "order" | "case";
export interface Shortcut {
  place: Place;
  /** As `event.key` says it, with `Mod+`, `Shift+` before it, or `g o` for one after the other. */
  keys: readonly string[];
  word: WordKey;
  /** Works while a field has the focus, too. */
  isInFields?: boolean;
}

export const SHORTCUTS = {
  search: { place: "anywhere", keys: ["Mod+k"], word: "kSearch", isInFields: true },
  help: { place: "anywhere", keys: ["?"], word: "kHelp" },
  goOrders: { place: "anywhere", keys: ["g o"], word: "orders" },
  goCases: { place: "anywhere", keys: ["g c"], word: "cases" },
  goStock: { place: "anywhere", keys: ["g s"], word: "stock" },
  goDeliveries: { place: "anywhere", keys: ["g d"], word: "deliveries" },
  goMessages: { place: "anywhere", keys: ["g m"], word: "messages" },
  goInsight: { place: "anywhere", keys: ["g i"], word: "insight" },
  goHome: { place: "anywhere", keys: ["g h"], word: "home" },
  fold: { place: "anywhere", keys: ["["], word: "kFold" },
  leave: { place: "anywhere", keys: ["Escape"], word: "kLeave", isInFields: true },
  send: { place: "anywhere", keys: ["Mod+Enter"], word: "kSend", isInFields: true },
  down: { place: "list", keys: ["j", "ArrowDown"], word: "kDown" },
  up: { place: "list", keys: ["k", "ArrowUp"], word: "kUp" },
  peek: { place: "list", keys: [" "], word: "kPeek" },
  open: { place: "list", keys: ["Enter"], word: "kOpen" },
  openTab: { place: "list", keys: ["Mod+Enter"], word: "kOpenTab" },
  tick: { place: "list", keys: ["x"], word: "kTick" },
  tickRange: { place: "list", keys: ["Shift+X"], word: "kTickRange" },
  find: { place: "list", keys: ["/"], word: "kFind" },
  filter: { place: "list", keys: ["f"], word: "kFilter" },
  views: { place: "list", keys: ["v"], word: "kViews" },
  showNew: { place: "list", keys: ["n"], word: "kNew" },
  export: { place: "list", keys: ["e"], word: "kExport" },
  nextOrder: { place: "order", keys: ["j"], word: "kNextOrder" },
  previousOrder: { place: "order", keys: ["k"], word: "kPreviousOrder" },
  hold: { place: "order", keys: ["h"], word: "kHold" },
  address: { place: "order", keys: ["d"], word: "kAddress" },
  note: { place: "order", keys: ["n"], word: "kNote" },
  tags: { place: "order", keys: ["t"], word: "kTags" },
  copy: { place: "order", keys: ["c"], word: "kCopy" },
  copySummary: { place: "order", keys: ["Shift+C"], word: "kCopySummary" },
  section: { place: "order", keys: ["1", "2", "3", "4", "5"], word: "kSection" },
  mend: { place: "case", keys: ["m"], word: "kMend" },
  assign: { place: "case", keys: ["a"], word: "kAssign" },
  snooze: { place: "case", keys: ["z"], word: "kSnooze" },
  resolve: { place: "case", keys: ["r"], word: "kResolve" },
  commit: { place: "case", keys: ["Mod+Enter"], word: "kCommit", isInFields: true },
  nextCase: { place: "case", keys: ["j"], word: "kDown" },
  previousCase: { place: "case", keys: ["k"], word: "kUp" },
} as const satisfies Record<string, Shortcut>;

export type ShortcutName = keyof typeof SHORTCUTS;
export type Handlers = Partial<Record<ShortcutName, (event: KeyboardEvent) => void>>;

const stack: { current: Handlers }[] = [];
const CHORD_MS = 1000;
let prefix = "";
let prefixAt = 0;

/** The event as the table writes it. */
export function written(event: KeyboardEvent): string {
  const key = event.key.length === 1 && !event.shiftKey ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return `Mod+${key}`;
  return event.shiftKey && /^[A-Z]$/.test(key) ? `Shift+${key}` : key;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest("input:not([type=checkbox]),textarea,select,[role=combobox]") !== null);
}

/** Which shortcut this key is, for those that somebody handles now; the latest to ask is asked first. */
function find(key: string, isInField: boolean): ((event: KeyboardEvent) => void) | undefined {
  for (const handlers of stack.toReversed()) {
    for (const [name, handle] of Object.entries(handlers.current)) {
      const one: Shortcut = SHORTCUTS[name as ShortcutName];
      if (one.keys.includes(key) && (!isInField || one.isInFields)) return handle;
    }
  }
  return undefined;
}

function onKey(event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented || event.altKey) return;
  const key = written(event);
  const isInField = isTyping(event.target);
  const isOnControl = event.target instanceof HTMLElement && event.target.closest("a,button,[role=tab],[role=menuitem]") !== null;
  if ((key === "Enter" || key === " ") && isOnControl) return;
  if (!key.startsWith("Mod+") && habits.get("keys") === "off" && !key.startsWith("Arrow") && key !== "Enter") return;
  const isChord = prefix !== "" && event.timeStamp - prefixAt < CHORD_MS;
  const handle = find(isChord ? `${prefix} ${key}` : key, isInField);
  prefix = !isInField && !isChord && key === "g" ? "g" : "";
  prefixAt = event.timeStamp;
  if (!handle) return;
  event.preventDefault();
  handle(event);
}

/** Act on shortcuts while the component is on screen. */
export function useKeys(handlers: Handlers): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    if (stack.length === 0) document.addEventListener("keydown", onKey);
    stack.push(latest);
    return () => {
      stack.splice(stack.indexOf(latest), 1);
      if (stack.length === 0) document.removeEventListener("keydown", onKey);
    };
  }, []);
}
