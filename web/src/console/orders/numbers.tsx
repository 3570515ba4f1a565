/** A pasted list of numbers as a filter: how it is edited, what is wrong with one, and which of them no order has. */
import { useState } from "react";
import { Button, Input } from "antd";
import { CopyButton } from "@/shared/cells";
import { joined, parted, troubleOf } from "@/shared/numbers";
import { useWords } from "@/words/language";
import { orders } from "@/words/orders";
import { shared } from "@/words/shared";

const NAMED_MAX = 10;

export function NumbersEditor({ value, onNumbers }: { value: string | undefined; onNumbers: (numbers: string | undefined) => void }) {
  const words = useWords(orders);
  const [text, setText] = useState(() => parted(value ?? "").join("\n"));
  const numbers = parted(text);
  const trouble = troubleOf(numbers);
  return (
    <div className="stack pick">
      <Input.TextArea autoFocus rows={6} className="mono" value={text} aria-label={words.fNumbers} placeholder={words.numbersHint} onChange={(event) => setText(event.target.value)} />
      <NumbersTrouble numbers={numbers} />
      <Button type="primary" disabled={trouble !== undefined} onClick={() => onNumbers(joined(numbers) || undefined)}>{words.apply}</Button>
    </div>
  );
}

/** Why these cannot be asked for at once; nothing when they can. */
export function NumbersTrouble({ numbers }: { numbers: readonly string[] }) {
  const words = useWords(shared);
  const trouble = troubleOf(numbers);
  if (!trouble) return null;
  return <span role="alert" className="bad">{trouble === "many" ? words.numbersMany(numbers.length) : words.numbersLong}</span>;
}

/** The numbers that no order has, the first of them by name. */
export function Missing({ numbers }: { numbers: readonly string[] }) {
  const words = useWords(orders);
  if (numbers.length === 0) return null;
  return (
    <p className="missing" role="status">
      <span>{words.missing(numbers.length)}{numbers.slice(0, NAMED_MAX).map((one) => <span key={one} className="mono">{one}</span>)}{numbers.length > NAMED_MAX ? words.missingMore(numbers.length - NAMED_MAX) : null}</span>
      <CopyButton text={numbers.join("\n")} label={words.copyMissing} />
    </p>
  );
}
