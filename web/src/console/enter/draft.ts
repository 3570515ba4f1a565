/** What is being typed, kept until it is sent or the tab is read anew: leaving the page loses nothing, and nothing is stored. */
import { useEffect, useState } from "react";
import type { EnteredOrder } from "@/api/generated/schema";

export interface TypedLine {
  sku: string;
  title: string;
  free: string;
  quantity: number;
  price: string;
  discount: string;
  /** The channel's own id of the line, kept when an order is corrected. */
  id: string;
}
export interface TypedReceiver {
  name: string;
  phone: string;
  country: string;
  province: string;
  city: string;
  district: string;
  detail: string;
  postcode: string;
}
export interface Draft {
  lines: TypedLine[];
  /** None: the receiver of the order that is corrected stays. */
  receiver: TypedReceiver | null;
  payment: EnteredOrder["payment"];
  currency: string;
  freight: string;
  discount: string;
  buyer: string;
  note: string;
  account: string;
  isRush: boolean;
}

const NOBODY: TypedReceiver = { name: "", phone: "", country: "CN", province: "", city: "", district: "", detail: "", postcode: "" };
export const EMPTY: Draft = {
  lines: [], receiver: NOBODY, payment: "paid", currency: "CNY", freight: "0", discount: "0", buyer: "", note: "", account: "", isRush: false,
};
const kept = new Map<string, Draft>();

function isSame(one: Draft, other: Draft): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The draft of an order, by its number (empty: a new one); `from` is what it begins with. */
export function useDraft(of: string, from: Draft) {
  const [draft, setDraft] = useState(() => kept.get(of) ?? from);
  const [wasKept, setWasKept] = useState(() => kept.has(of));
  useEffect(() => {
    if (isSame(draft, from)) kept.delete(of);
    else kept.set(of, draft);
  }, [draft, from, of]);
  const begin = (anew: Draft) => {
    setDraft(anew);
    setWasKept(false);
  };
  return {
    draft, wasKept, isTouched: !isSame(draft, from), begin,
    change: (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })),
    forget: () => kept.delete(of),
  };
}

/** Whether amounts of it are kept from the user: who does not see them cannot type the order anew. */
export function isHidden({ lines, freight, discount }: EnteredOrder): boolean {
  return freight === null || discount === null || lines.some((line) => line.price === null || line.discount === null);
}

/** A typed order as the form shows it. */
export function draftOf(order: EnteredOrder): Draft {
  const { lines, receiver, urgency, payment, currency, note } = order;
  return {
    lines: lines.map((line) => ({ sku: line.sku, title: line.title, free: "", quantity: line.quantity, price: line.price ?? "", discount: line.discount ?? "", id: line.id })),
    receiver: receiver ? { ...NOBODY, ...receiver, phone: receiver.phone ?? "" } : null, payment, currency, note, account: "", isRush: urgency === "rush",
    freight: order.freight ?? "", discount: order.discount ?? "", buyer: order.buyer ?? "",
  };
}

/** As the server takes it. */
export function entered(draft: Draft): EnteredOrder {
  const { lines, isRush, ...rest } = draft;
  return {
    ...rest, currency: rest.currency.trim().toUpperCase(), placed_at: "", urgency: isRush ? "rush" : "",
    lines: lines.map(({ sku, title, quantity, price, discount, id }) => ({ sku, title, quantity, price, discount, id })),
  };
}
