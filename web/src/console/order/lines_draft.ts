/** What somebody wants of an order's lines: only what they changed is kept, so what others change meanwhile stays theirs. */
import { isGift } from "@/shared/gift";
import type { LineRequest, LineView, OrderDetail } from "@/api/generated/schema";
import { amount, minorOf } from "@/shared/money";

/** Of one line what was typed; what is not there stays as it is. `quantity` 0: the line is taken off. */
export interface LineEdit {
  sku?: string;
  title?: string;
  quantity?: number;
  price?: string;
  discount?: string;
}
export interface AddedLine {
  sku: string;
  title: string;
  quantity: number;
  price: string;
}
export interface LinesDraft {
  edits: Readonly<Record<number, LineEdit>>;
  added: readonly AddedLine[];
}
export const UNTOUCHED: LinesDraft = { edits: {}, added: [] };

export function isOpen(line: LineView): boolean {
  return !line.is_closed && !isGift(line);
}

/** An amount as it is typed: without commas or currency. */
export function typed(minor: number | null, currency: string): string {
  return minor === null ? "" : amount(minor, currency).replaceAll(",", "");
}

/** What is to be sent: the lines that are to be otherwise than they are now. None while an amount is none. */
export function wishesOf(draft: LinesDraft, { lines, order }: OrderDetail): LineRequest[] | undefined {
  const found: LineRequest[] = [];
  for (const line of lines.filter(isOpen)) {
    const edit = draft.edits[line.no];
    const wish = edit ? wishOf(line, edit, order.currency) : {};
    if (!wish) return undefined;
    if (Object.keys(wish).length > 0) found.push({ no: line.no, ...wish } as LineRequest);
  }
  for (const one of draft.added) {
    const price = minorOf(one.price || "0", order.currency);
    if (price === undefined) return undefined;
    found.push({ no: 0, sku: one.sku, title: one.title, quantity: one.quantity, price } as LineRequest);
  }
  return found;
}

function wishOf(line: LineView, edit: LineEdit, currency: string): Partial<LineRequest> | undefined {
  if (edit.quantity === 0) return { quantity: 0 };
  const wish: Partial<LineRequest> = {};
  if (edit.sku !== undefined && edit.sku !== line.sku) Object.assign(wish, { sku: edit.sku, title: edit.title ?? "" });
  if (edit.quantity !== undefined && edit.quantity !== line.ordered) wish.quantity = edit.quantity;
  for (const name of ["price", "discount"] as const) {
    const text = edit[name];
    if (text === undefined) continue;
    const minor = minorOf(text || "0", currency);
    if (minor === undefined) return undefined;
    if (minor !== line[name]) wish[name] = minor;
  }
  return wish;
}

/** One line in a few signs: `M-001 ×2 · 89.00`. */
function inShort(sku: string, quantity: number, price: string): string {
  return `${sku} ×${quantity}${price ? ` · ${price}` : ""}`;
}

/** The lines as they stand. */
export function standing({ lines, order }: OrderDetail): string {
  return lines.filter(isOpen).map((line) => inShort(line.sku || line.sku_external, line.ordered, typed(line.price, order.currency))).join("；");
}

/** The lines as they would be by the draft; taken off is what does not stand here. */
export function asWished(draft: LinesDraft, { lines, order }: OrderDetail): string {
  const kept = lines.filter(isOpen).flatMap((line) => {
    const edit = draft.edits[line.no] ?? {};
    return edit.quantity === 0 ? [] : [inShort(edit.sku ?? (line.sku || line.sku_external), edit.quantity ?? line.ordered, edit.price ?? typed(line.price, order.currency))];
  });
  return [...kept, ...draft.added.map((one) => inShort(one.sku, one.quantity, one.price))].join("；");
}
