/** The filters as tokens, each edited where it stands, another added by its name; on a phone all in one sheet. */
import { useState } from "react";
import { AutoComplete, Button, Drawer, Input, InputNumber, Popover, Select } from "antd";
import { Plus, SlidersHorizontal, X } from "lucide-react";
import { exponent } from "@/shared/money";
import { parted } from "@/shared/numbers";
import { useIsPhone } from "@/shared/phone";
import { useNames, useTitles } from "@/shared/titles";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { orders } from "@/words/orders";
import { shared } from "@/words/shared";
import { NumbersEditor } from "./numbers";
import { useAccounts, useTags, useWarehouses } from "./queries";
import type { Filter, Filters } from "./search";
import { FILTERS, valuesOf } from "./search";

export type Change = (change: Partial<Filters>) => void;
type Name = Filter | "amount" | "is_held";
const NAMES: readonly Name[] = [...FILTERS.filter((name) => name !== "field"), "amount", "is_held"];
const WORDS = {
  phase: "fPhase", stage: "fStage", channel: "fChannel", account: "fAccount", payment: "fPayment", warehouse: "fWarehouse", tag: "fTag", hold: "fHold", province: "fProvince", case: "fCase",
  carrier: "fCarrier", late: "fLate", placed: "fPlaced", numbers: "fNumbers", field: "fField", amount: "fAmount", is_held: "fHeld",
} as const;
const LATE = ["overdue", "due-1h", "due-4h", "due-24h", "due-today"] as const;
const PLACED = ["today", "yesterday", "7d", "30d", "90d"] as const;
const PAYMENTS = ["unpaid", "partially_paid", "cod", "in_doubt", "paid", "overcharged", "partially_refunded", "refunded"] as const;
interface Option { value: string; label: string }

/** What can be chosen for a filter, with its words; nothing known: it is typed. */
function useOptions(): (name: Name) => readonly Option[] {
  const words = useWords(orders);
  const titles = useTitles();
  const names = useNames();
  const may = useMay();
  const tags = useTags().data ?? [];
  const warehouses = useWarehouses(may("skus:read")).data ?? [];
  const accounts = useAccounts(may("accounts:read")).data ?? [];
  const named = (kind: "phases" | "stages" | "holds" | "cases") => names(kind).map((value) => ({ value, label: titles(kind, value) }));
  const shops = accounts.filter((one) => one.family === "channels");
  return (name) => {
    switch (name) {
      case "phase": return named("phases");
      case "stage": return named("stages");
      case "hold": return named("holds");
      case "case": return named("cases");
      case "channel": return [...new Set(shops.map((one) => one.connector))].map((value) => ({ value, label: titles("connectors", value) }));
      case "account": return shops.map((one) => ({ value: one.code, label: one.title || one.code }));
      case "warehouse": return warehouses.map((one) => ({ value: one.code, label: one.name }));
      case "tag": return tags.map((one) => ({ value: one.name, label: one.name }));
      case "late": return LATE.map((value) => ({ value, label: words[value] }));
      case "placed": return PLACED.map((value) => ({ value, label: words[value] }));
      case "payment": return PAYMENTS.map((value) => ({ value, label: value === "paid" ? words.paidWord : words[value] }));
      default: return [];
    }
  };
}

/** What a filter is called on screen, by the name that the server gives it. */
export function useFilterName(): (name: string) => string {
  const words = useWords(orders);
  return (name) => words[WORDS[(name.startsWith("amount") ? "amount" : name) as Name] ?? "filter"];
}

interface TokensProps {
  filters: Filters;
  change: Change;
  /** Whether one is being added, from the keyboard too. */
  isAdding: boolean;
  onAdding: (isOn: boolean) => void;
}

/** The filters that are set; on a phone all of them in one sheet. */
export function Tokens(props: TokensProps) {
  return useIsPhone() ? <Sheet {...props} /> : <Line {...props} />;
}

const isSet = (name: Name, filters: Filters) => (name === "amount" ? filters.amount_from !== undefined || filters.amount_to !== undefined : filters[name] !== undefined);
const without = (name: Name): Partial<Filters> => (name === "amount" ? { amount_from: undefined, amount_to: undefined, currency: undefined } : { [name]: undefined });

function Sheet({ filters, change, isAdding, onAdding }: TokensProps) {
  const words = useWords(orders);
  const common = useWords(shared);
  const optionsOf = useOptions();
  const nameOf = useFilterName();
  const [added, setAdded] = useState<readonly Name[]>([]);
  const names = [...NAMES.filter((name) => isSet(name, filters) && !added.includes(name)), ...added];
  const count = NAMES.filter((name) => isSet(name, filters)).length;
  const close = () => { setAdded([]); onAdding(false); };
  return (
    <>
      <Button type="dashed" size="small" icon={<SlidersHorizontal aria-hidden="true" />} onClick={() => onAdding(true)}>{words.filter}{count > 0 ? ` ${count}` : ""}</Button>
      <Drawer open={isAdding} placement="bottom" size="85%" title={words.filter} onClose={close} footer={<Button type="primary" block onClick={close}>{words.seeResults}</Button>}>
        <div className="stack orders-sheet">
          {names.map((name) => (
            <div key={name}>
              <span className="line"><em>{nameOf(name)}</em><span className="grow" /><button type="button" className="bare" aria-label={`${common.clear} ${nameOf(name)}`} onClick={() => { setAdded(added.filter((one) => one !== name)); change(without(name)); }}><X aria-hidden="true" /></button></span>
              <Editor name={name} filters={filters} options={optionsOf(name)} change={change} isOpening={false} />
            </div>
          ))}
          <Select value={null} placeholder={words.pick} aria-label={words.filter} options={NAMES.filter((name) => !names.includes(name)).map((name) => ({ value: name, label: nameOf(name) }))} onChange={(name: Name | null) => { if (name) setAdded([...added, name]); }} />
        </div>
      </Drawer>
    </>
  );
}

function Line({ filters, change, isAdding, onAdding }: TokensProps) {
  const words = useWords(orders);
  const common = useWords(shared);
  const optionsOf = useOptions();
  const nameOf = useFilterName();
  const [editing, setEditing] = useState<Name>();
  const set = NAMES.filter((name) => isSet(name, filters) || name === editing);
  const left = NAMES.filter((name) => !set.includes(name));
  return (
    <>
      {set.map((name) => (
        <span key={name} className="tok">
          <Popover trigger="click" open={editing === name} onOpenChange={(isOpen) => setEditing(isOpen ? name : undefined)} placement="bottomLeft" content={<Editor name={name} filters={filters} options={optionsOf(name)} change={change} isOpening />}>
            <button type="button" className="tok-open"><em>{nameOf(name)}</em><span>{said(name, filters, optionsOf(name), words)}</span></button>
          </Popover>
          <button type="button" className="bare" aria-label={`${common.clear} ${nameOf(name)}`} onClick={() => { setEditing(undefined); change(without(name)); }}><X aria-hidden="true" /></button>
        </span>
      ))}
      <Popover
        trigger="click" open={isAdding} onOpenChange={onAdding} placement="bottomLeft"
        content={<AutoComplete autoFocus defaultOpen className="pick" placeholder={words.pick} aria-label={words.filter} showSearch={{ filterOption: (typed, option) => String(option?.label ?? "").toLowerCase().includes(typed.toLowerCase()) }} options={left.map((name) => ({ value: name, label: nameOf(name) }))} onSelect={(name: Name) => { onAdding(false); setEditing(name); }} />}
      >
        <Button type="dashed" size="small" icon={<Plus aria-hidden="true" />}>{words.filter}</Button>
      </Popover>
    </>
  );
}

function said(name: Name, filters: Filters, options: readonly Option[], words: ReturnType<typeof useWords<(typeof orders)["zh"]>>): string {
  if (name === "is_held") return filters.is_held === undefined ? "" : filters.is_held ? words.yes : words.no;
  if (name === "numbers") return filters.numbers === undefined ? "" : words.numbersOf(parted(filters.numbers).length);
  if (name === "amount") {
    const places = 10 ** exponent(filters.currency ?? "CNY");
    return `${filters.currency ?? ""} ${filters.amount_from === undefined ? "" : filters.amount_from / places} – ${filters.amount_to === undefined ? "" : filters.amount_to / places}`.trim();
  }
  const labels = valuesOf(filters[name]).map((value) => options.find((one) => one.value === value)?.label ?? value);
  return labels.length > 2 ? words.many(labels[0] ?? "", labels.length) : labels.join("、");
}

interface EditorProps {
  name: Name;
  filters: Filters;
  options: readonly Option[];
  change: Change;
  /** Whether its choices are open at once. */
  isOpening: boolean;
}

function Editor({ name, filters, options, change, isOpening }: EditorProps) {
  const words = useWords(orders);
  if (name === "amount") return <Amount filters={filters} change={change} />;
  if (name === "numbers") return <NumbersEditor value={filters.numbers} onNumbers={(numbers) => change({ numbers })} />;
  if (name === "is_held") {
    return <Select className="pick" defaultOpen={isOpening} aria-label={words.fHeld} value={filters.is_held} options={[{ value: true, label: words.yes }, { value: false, label: words.no }]} onChange={(value: boolean) => change({ is_held: value })} />;
  }
  if (name === "placed") {
    return <Select className="pick" defaultOpen={isOpening} aria-label={words.fPlaced} value={filters.placed ?? null} options={[...options]} onChange={(value: string | null) => change({ placed: value ?? undefined })} />;
  }
  return (
    <Select
      mode={options.length > 0 ? "multiple" : "tags"} className="pick" autoFocus={isOpening} defaultOpen={isOpening && options.length > 0} aria-label={words[WORDS[name]]} placeholder={words.pick} tokenSeparators={[",", "，"]}
      value={[...valuesOf(filters[name])]} options={[...options]} optionFilterProp="label" onChange={(values: string[]) => change({ [name]: values.join(",") || undefined })}
    />
  );
}

function Amount({ filters, change }: { filters: Filters; change: Change }) {
  const words = useWords(orders);
  const [currency, setCurrency] = useState(filters.currency ?? "CNY");
  const places = 10 ** exponent(currency);
  const shown = (minor: number | undefined) => (minor === undefined ? null : minor / places);
  const minor = (value: number | null) => (value === null ? undefined : Math.round(value * places));
  const [from, setFrom] = useState(shown(filters.amount_from));
  const [to, setTo] = useState(shown(filters.amount_to));
  return (
    <div className="line">
      <Input className="currency" maxLength={3} value={currency} aria-label="ISO 4217" onChange={(event) => setCurrency(event.target.value.toUpperCase())} />
      <InputNumber aria-label={`${words.fAmount} ≥`} value={from} onChange={setFrom} /> – <InputNumber aria-label={`${words.fAmount} ≤`} value={to} onChange={setTo} />
      <Button type="primary" onClick={() => change({ amount_from: minor(from), amount_to: minor(to), currency: /^[A-Z]{3}$/.test(currency) ? currency : undefined })}>{words.apply}</Button>
    </div>
  );
}
