/** The box that finds within the list: it waits a moment after the last key. */
import { useRef, useState } from "react";
import { Input } from "antd";
import type { InputRef } from "antd";
import { Search } from "lucide-react";
import { useWords } from "@/words/language";
import { orders } from "@/words/orders";

const WAIT_MS = 250;

export function Find({ value, boxRef, onFind }: { value: string; boxRef: React.RefObject<HTMLInputElement | null>; onFind: (text: string) => void }) {
  const words = useWords(orders);
  const [typed, setTyped] = useState(value);
  const timer = useRef(0);
  const take = (input: InputRef | null) => {
    boxRef.current = input?.input ?? null;
  };
  return (
    <Input
      ref={take} className="find-in" size="small" allowClear maxLength={64} value={typed} aria-label={words.find} placeholder={words.find} prefix={<Search aria-hidden="true" />} suffix={<kbd className="only-wide">/</kbd>}
      onChange={(event) => {
        const text = event.target.value;
        setTyped(text);
        window.clearTimeout(timer.current);
        const found = text.trim();
        if (found.length !== 1) timer.current = window.setTimeout(() => onFind(found), WAIT_MS);
      }}
    />
  );
}
