/** Forward and back by keyset: no page numbers and no total, since counting a million rows to show fifty is waste. */
import { Button } from "antd";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";

interface PagerProps {
  /** Number of the first row shown, from 1. */
  from: number;
  shown: number;
  hasNext: boolean;
  onPrevious?: (() => void) | undefined;
  onNext: () => void;
}

export function Pager({ from, shown, hasNext, onPrevious, onNext }: PagerProps) {
  const words = useWords(shared);
  return (
    <nav className="pager" aria-label={words.range(from, from + shown - 1, hasNext)}>
      <Button size="small" disabled={!onPrevious} onClick={onPrevious} icon={<ChevronLeft aria-hidden="true" />}>{words.previous}</Button>
      <Button size="small" disabled={!hasNext} onClick={onNext} icon={<ChevronRight aria-hidden="true" />} iconPlacement="end">{words.next}</Button>
      <span className="dim">{words.range(from, from + shown - 1, hasNext)}</span>
    </nav>
  );
}
