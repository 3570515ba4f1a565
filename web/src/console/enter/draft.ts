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
}
export interface TypedReceiver {
  name: string;
  phone: string;
  province: string;
  city: string;
  district: string;
  detail: string;
  postcode: string;
}
export interface Draft {
  lines: TypedLine[];
  receiver: TypedReceiver;
  payment: "paid" | "unpaid" | "cod";
  freight: string;
  discount: string;
  buyer: string;
  note: string;
  isRush: boolean;
}

const EMPTY: Draft = {
  lines: [], receiver: { name: "", phone: "", province: "", city: "", district: "", detail: "", postcode: "" }, payment: "paid", freight: "0", discount: "0", buyer: "", note: "", isRush: false,
};
let kept: Draft = EMPTY;

export function isEmpty(draft: Draft): boolean {
  return JSON.stringify(draft) === JSON.stringify(EMPTY);
}

export function useDraft() {
  const [draft, setDraft] = useState(kept);
  const [wasKept] = useState(() => !isEmpty(kept));
  useEffect(() => {
    kept = draft;
  }, [draft]);
  return { draft, wasKept, change: (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part })), clear: () => setDraft(EMPTY) };
}

/** As the server takes it. */
export function entered(draft: Draft): EnteredOrder {
  const { lines, receiver, isRush, ...rest } = draft;
  return {
    ...rest, currency: "CNY", account: "", placed_at: "", urgency: isRush ? "rush" : "", receiver: { ...receiver, country: "CN" },
    lines: lines.map(({ sku, title, quantity, price, discount }) => ({ sku, title, quantity, price, discount, id: "" })),
  };
}
