/** The lines of an order as they are to be: units, goods, price and discount of each, lines more or less. */
import { Button, Input, InputNumber } from "antd";
import { RotateCcw, X } from "lucide-react";
import type { LineView, OrderDetail } from "@/api/generated/schema";
import { GoodsFinder } from "@/shared/goods_finder";
import { minorOf } from "@/shared/money";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { order as bilingual } from "@/words/order";
import type { OrderWords } from "@/words/order";
import { isOpen, typed } from "./lines_draft";
import type { AddedLine, LineEdit, LinesDraft } from "./lines_draft";

interface LinesFieldsProps {
  found: OrderDetail;
  value: LinesDraft;
  onChange: (value: LinesDraft) => void;
}

const UNITS_MAX = 1_000_000;

export function LinesFields({ found, value, onChange }: LinesFieldsProps) {
  const words = useWords(bilingual) as OrderWords;
  const { currency } = found.order;
  const edit = (no: number, part: LineEdit) => onChange({ ...value, edits: { ...value.edits, [no]: { ...value.edits[no], ...part } } });
  const undo = (no: number) => onChange({ ...value, edits: Object.fromEntries(Object.entries(value.edits).filter(([key]) => Number(key) !== no)) });
  const setAdded = (at: number, part: Partial<AddedLine>) => onChange({ ...value, added: value.added.map((one, index) => (index === at ? { ...one, ...part } : one)) });
  return (
    <div className="stack">
      <ul className="stack">
        {found.lines.filter(isOpen).map((line) => <Known key={line.no} line={line} currency={currency} edit={value.edits[line.no]} onEdit={(part) => edit(line.no, part)} onUndo={() => undo(line.no)} />)}
        {value.added.map((line, at) => (
          // eslint-disable-next-line react/no-array-index-key -- the same goods may be added twice
          <li key={`${line.sku}-${at}`} className="order-edit added">
            <span className="goods"><b className="mono">{line.sku}</b> {line.title} <small className="good">{words.lineAdded}</small></span>
            <Units value={line.quantity} onChange={(quantity) => setAdded(at, { quantity })} />
            <Amount label={words.price} value={line.price} currency={currency} onChange={(price) => setAdded(at, { price })} />
            <span />
            <Button type="text" aria-label={`${words.takeOff} ${line.sku}`} icon={<X aria-hidden="true" />} onClick={() => onChange({ ...value, added: value.added.filter((_, index) => index !== at) })} />
          </li>
        ))}
      </ul>
      <GoodsFinder label={words.addLine} onFound={({ sku, title }) => onChange({ ...value, added: [...value.added, { sku, title, quantity: 1, price: "0" }] })} />
    </div>
  );
}

interface KnownProps {
  line: LineView;
  currency: string;
  edit: LineEdit | undefined;
  onEdit: (part: LineEdit) => void;
  onUndo: () => void;
}

function Known({ line, currency, edit, onEdit, onUndo }: KnownProps) {
  const words = useWords(bilingual) as OrderWords;
  const sku = edit?.sku ?? (line.sku || line.sku_external);
  if (edit?.quantity === 0) {
    return (
      <li className="order-edit gone">
        <del className="goods"><b className="mono">{sku}</b> {line.title}</del><span className="dim">{words.lineGone}</span><span /><span />
        <Button type="text" aria-label={`${words.putBack} ${sku}`} icon={<RotateCcw aria-hidden="true" />} onClick={onUndo} />
      </li>
    );
  }
  const isSwapped = edit?.sku !== undefined && edit.sku !== line.sku;
  return (
    <li className="order-edit">
      <div className="goods">
        {isSwapped ? <><del className="dim mono">{line.sku || line.sku_external}</del> <b className="mono">{sku}</b> {edit.title}</> : <><b className="mono">{sku}</b> {line.title}</>}
        <GoodsFinder label={words.swapLine(sku)} onFound={(goods) => onEdit({ sku: goods.sku, title: goods.title })} />
      </div>
      <Units value={edit?.quantity ?? line.ordered} onChange={(quantity) => onEdit({ quantity })} />
      <Amount label={words.price} value={edit?.price ?? typed(line.price, currency)} currency={currency} isHidden={line.price === null} onChange={(price) => onEdit({ price })} />
      <Amount label={words.lineDiscount} value={edit?.discount ?? typed(line.discount, currency)} currency={currency} isHidden={line.discount === null} onChange={(discount) => onEdit({ discount })} />
      <span className="line">
        {edit ? <Button type="text" aria-label={`${words.putBack} ${sku}`} icon={<RotateCcw aria-hidden="true" />} onClick={onUndo} /> : null}
        <Button type="text" aria-label={`${words.takeOff} ${sku}`} icon={<X aria-hidden="true" />} onClick={() => onEdit({ quantity: 0 })} />
      </span>
    </li>
  );
}

function Units({ value, onChange }: { value: number; onChange: (value: number) => void }) {
  const words = useWords(bilingual) as OrderWords;
  const may = useMay();
  return <label>{words.quantity}<InputNumber min={1} max={UNITS_MAX} precision={0} disabled={!may("orders:lines")} value={value} onChange={(units) => onChange(units ?? 1)} /></label>;
}

interface AmountProps {
  label: string;
  value: string;
  currency: string;
  isHidden?: boolean;
  onChange: (value: string) => void;
}

/** An amount: for whoever may change prices, and only where it is seen. */
function Amount({ label, value, currency, isHidden, onChange }: AmountProps) {
  const may = useMay();
  if (isHidden) return <span />;
  const isWrong = minorOf(value || "0", currency) === undefined;
  return <label>{label}<Input inputMode="decimal" maxLength={20} disabled={!may("orders:price")} value={value} status={isWrong ? "error" : ""} aria-invalid={isWrong} onChange={(event) => onChange(event.target.value)} /></label>;
}
