/** The box that finds within the list: it waits a moment after the last key. A list of numbers pasted into it is a filter of its own. */
import { useRef, useState } from "react";
import { Input } from "antd";
import type { InputRef } from "antd";
import { Search } from "lucide-react";
import { joined, listIn, troubleOf } from "@/shared/numbers";
import { useWords } from "@/words/language";
import { orders } from "@/words/orders";
import { NumbersTrouble } from "./numbers";

const WAIT_MS = 250;

interface FindProps {
  value: string;
  boxRef: React.RefObject<HTMLInputElement | null>;
  onFind: (text: string) => void;
  onNumbers: (numbers: string) => void;
}

export function Find({ value, boxRef, onFind, onNumbers }: FindProps) {
  const words = useWords(orders);
  const [typed, setTyped] = useState(value);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const timer = useRef(0);
  const take = (input: InputRef | null) => {
    boxRef.current = input?.input ?? null;
  };
  const paste = (event: React.ClipboardEvent) => {
    const numbers = listIn(event.clipboardData.getData("text"));
    if (!numbers) return;
    event.preventDefault();
    window.clearTimeout(timer.current);
    const isRefused = troubleOf(numbers) !== undefined;
    setRefused(isRefused ? numbers : []);
    setTyped("");
    if (!isRefused) onNumbers(joined(numbers));
  };
  return (
    <>
      <Input
        ref={take} className="find-in" size="small" allowClear maxLength={64} value={typed} aria-label={words.find} placeholder={words.find} prefix={<Search aria-hidden="true" />} suffix={<kbd className="only-wide">/</kbd>}
        onPaste={paste}
        onChange={(event) => {
          setRefused([]);
          const text = event.target.value;
          setTyped(text);
          window.clearTimeout(timer.current);
          const found = text.trim();
          if (found.length !== 1) timer.current = window.setTimeout(() => onFind(found), WAIT_MS);
        }}
      />
      <NumbersTrouble numbers={refused} />
    </>
  );
}
