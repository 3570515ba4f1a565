/** What a delivery tells and how it stands, in words; a code that has no word is shown as it is. */
import type { DeliveryView } from "@/api/generated/schema";
import { Cut, Tag } from "@/shared/cells";
import { deliveries, deliveryKinds } from "@/words/deliveries";
import { useWords } from "@/words/language";

const TONES = { due: "", parked: "bad", done: "", cancelled: "", given_up: "warn" } as const;

export function StateTag({ state }: { state: string }) {
  const stateOf = useStateOf();
  return <Tag text={stateOf(state)} tone={TONES[state as keyof typeof TONES] ?? ""} />;
}

export function DeliveryKind({ kind, className = "" }: { kind: string; className?: string }) {
  return <Cut text={useKindOf()(kind)} className={className} />;
}

/** The order it is about; shown stock and trials are about none, and are kept in turn by a key of their own. */
export function subject(row: Pick<DeliveryView, "order" | "order_key">): string {
  return row.order ?? (row.order_key.includes(":") ? "" : row.order_key);
}

export function useStateOf(): (state: string) => string {
  const words = useWords(deliveries);
  return (state) => (state in TONES ? words[state as keyof typeof TONES] : state);
}

export function useKindOf(): (kind: string) => string {
  const words = useWords(deliveryKinds);
  return (kind) => (kind in words ? words[kind as keyof typeof words] : kind);
}
