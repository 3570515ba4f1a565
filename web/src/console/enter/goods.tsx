/** What is bought: found by code or name with what is free of it, then units, price and discount. */
import { Button, Input, InputNumber } from "antd";
import { X } from "lucide-react";
import { GoodsFinder } from "@/shared/goods_finder";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { enter } from "@/words/enter";
import type { EnterWords } from "@/words/enter";
import type { Draft, TypedLine } from "./draft";
import { Field } from "./field";
import type { Wrong } from "./field";

interface GoodsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  wrong: Wrong;
}

const UNITS_MAX = 1_000_000;

export function Goods({ draft, change, wrong }: GoodsProps) {
  const words = useWords(enter) as EnterWords;
  const language = useLanguage();
  const set = (at: number, part: Partial<TypedLine>) => change({ lines: draft.lines.map((line, index) => (index === at ? { ...line, ...part } : line)) });
  return (
    <section className="card" aria-labelledby="enter-goods">
      <h2 id="enter-goods">{words.goods}</h2>
      <div className="body stack">
        <GoodsFinder label={words.find} asWritten={words.asWritten} onFound={(goods) => change({ lines: [...draft.lines, { ...goods, quantity: 1, price: "0", discount: "0", id: "" }] })} />
        {draft.lines.length === 0 ? <p className="dim">{words.noGoods}</p> : null}
        {wrong["lines"] ? <p className="bad">{oneLanguage(wrong["lines"], language)}</p> : null}
        <ul className="stack">
          {draft.lines.map((line, at) => (
            // eslint-disable-next-line react/no-array-index-key -- the same goods may stand twice
            <li key={`${line.sku}-${at}`} className="enter-line">
              <Line line={line} at={at} wrong={wrong} onChange={(part) => set(at, part)} onDrop={() => change({ lines: draft.lines.filter((_, index) => index !== at) })} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

interface LineProps {
  line: TypedLine;
  at: number;
  wrong: Wrong;
  onChange: (part: Partial<TypedLine>) => void;
  onDrop: () => void;
}

function Line({ line, at, wrong, onChange, onDrop }: LineProps) {
  const words = useWords(enter) as EnterWords;
  return (
    <>
      <Field name={`lines.${at}.sku`} label={line.title || words.sku} wrong={wrong} className="goods">
        {(told) => <Input {...told} maxLength={128} value={line.sku} suffix={line.free ? <span className="dim">{words.sold(line.free)}</span> : null} onChange={(event) => onChange({ sku: event.target.value, free: "", title: "" })} />}
      </Field>
      <Field name={`lines.${at}.quantity`} label={words.quantity} wrong={wrong}>
        {(told) => <InputNumber {...told} min={1} max={UNITS_MAX} precision={0} value={line.quantity} onChange={(quantity) => onChange({ quantity: quantity ?? 1 })} />}
      </Field>
      <Field name={`lines.${at}.price`} label={words.price} wrong={wrong}>
        {(told) => <Input {...told} inputMode="decimal" maxLength={20} value={line.price} onChange={(event) => onChange({ price: event.target.value })} />}
      </Field>
      <Field name={`lines.${at}.discount`} label={words.discount} wrong={wrong}>
        {(told) => <Input {...told} inputMode="decimal" maxLength={20} value={line.discount} onChange={(event) => onChange({ discount: event.target.value })} />}
      </Field>
      <Button type="text" aria-label={`${words.remove} ${line.sku}`} icon={<X aria-hidden="true" />} onClick={onDrop} />
    </>
  );
}
