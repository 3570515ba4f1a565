/** What is bought: found by code or name with what is free of it, then units, price and discount. */
import { useState } from "react";
import { AutoComplete, Button, Input, InputNumber } from "antd";
import { X } from "lucide-react";
import { useWords } from "@/words/language";
import { enter } from "@/words/enter";
import type { EnterWords } from "@/words/enter";
import type { Draft, TypedLine } from "./draft";
import { useGoods } from "./queries";

interface GoodsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  wrong: Record<string, string>;
}

export function Goods({ draft, change, wrong }: GoodsProps) {
  const words = useWords(enter) as EnterWords;
  const set = (at: number, part: Partial<TypedLine>) => change({ lines: draft.lines.map((line, index) => (index === at ? { ...line, ...part } : line)) });
  return (
    <section className="card">
      <h2>{words.goods}</h2>
      <div className="body stack">
        <Finder onFound={(line) => change({ lines: [...draft.lines, line] })} />
        {draft.lines.length === 0 ? <p className="dim">{words.noGoods}</p> : null}
        <ul className="stack">
          {draft.lines.map((line, at) => (
            // eslint-disable-next-line react/no-array-index-key -- the same goods may stand twice
            <li key={`${line.sku}-${at}`} className="enter-line">
              <div><b className="mono">{line.sku}</b> {line.title}<div className="dim">{words.sold(line.free || "0")}</div><small className="bad">{wrong[`lines.${at}.sku`]}</small></div>
              <label>{words.quantity}<InputNumber min={1} max={1_000_000} value={line.quantity} onChange={(quantity) => set(at, { quantity: quantity ?? 1 })} /></label>
              <label>{words.price}<Input inputMode="decimal" value={line.price} status={wrong[`lines.${at}.price`] ? "error" : ""} onChange={(event) => set(at, { price: event.target.value })} /></label>
              <label>{words.discount}<Input inputMode="decimal" value={line.discount} status={wrong[`lines.${at}.discount`] ? "error" : ""} onChange={(event) => set(at, { discount: event.target.value })} /></label>
              <Button type="text" aria-label={words.remove} icon={<X aria-hidden="true" />} onClick={() => change({ lines: draft.lines.filter((_, index) => index !== at) })} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function Finder({ onFound }: { onFound: (line: TypedLine) => void }) {
  const words = useWords(enter) as EnterWords;
  const [text, setText] = useState("");
  const found = useGoods(text).data?.goods ?? [];
  const free = (one: (typeof found)[number]) => one.free.map((house) => `${house.warehouse} ${house.free}`).join("、");
  const choose = (code: string) => {
    const one = found.find((each) => each.code === code);
    if (one) onFound({ sku: one.code, title: one.name, free: free(one), quantity: 1, price: "0", discount: "0" });
    setText("");
  };
  return (
    <AutoComplete
      value={text} onChange={setText} onSelect={choose} aria-label={words.find} placeholder={words.find} defaultActiveFirstOption
      options={text ? found.map((one) => ({ value: one.code, label: <span className="line"><b className="mono">{one.code}</b><span className="cut">{one.name}</span><span className="grow" /><span className="dim">{free(one)}</span></span> })) : []}
    />
  );
}
