/** The tick column: antd's own draws the whole table again at every tick. */
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";
import type { Selection } from "./selection";
import { useChosen, useTicked } from "./selection";

interface TickProps {
  selection: Selection;
  id: string;
  rows: readonly string[];
  name: string;
}

export function Tick({ selection, id, rows, name }: TickProps) {
  const words = useWords(shared);
  const isOn = useTicked(selection, id);
  return (
    <input
      type="checkbox" className="tick" checked={isOn} aria-label={words.choose(name)}
      onClick={(event) => event.stopPropagation()}
      onChange={(event) => {
        const isRange = event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey;
        if (isRange) selection.extend(id, rows);
        else selection.toggle(id);
      }}
    />
  );
}

/** The header's box: the loaded page, never more. */
export function TickPage({ selection, rows }: { selection: Selection; rows: readonly string[] }) {
  const words = useWords(shared);
  const chosen = new Set(useChosen(selection));
  const count = rows.filter((id) => chosen.has(id)).length;
  return (
    <input
      type="checkbox" className="tick" aria-label={words.choosePage} checked={rows.length > 0 && count === rows.length}
      ref={(box) => {
        if (!box) return;
        box.indeterminate = count > 0 && count < rows.length;
        box.disabled = box.closest("[aria-hidden=true]") !== null; // the table measures itself by a hidden copy of its head
      }}
      onChange={(event) => selection.page(rows, event.target.checked)}
    />
  );
}
