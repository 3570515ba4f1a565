/** An error of another system in words; what it said exactly is in the tooltip. */
import { useFault } from "@/shared/fault";

export function Fault({ text, className = "soft" }: { text: string; className?: string }) {
  const told = useFault();
  return text ? <span className={`cut ${className}`} title={text}>{told(text)}</span> : null;
}
