/** The state of a delivery as a tag. */
import { Tag } from "@/shared/cells";
import { deliveries } from "@/words/deliveries";
import { useWords } from "@/words/language";

const TONES = { due: "", parked: "bad", done: "", cancelled: "", given_up: "warn" } as const;

export function StateTag({ state }: { state: string }) {
  const words = useWords(deliveries);
  const known = state as keyof typeof TONES;
  return <Tag text={known in TONES ? words[known] : state} tone={TONES[known] ?? ""} />;
}
