/** The fields of a SKU, in sections. */
import type { ReactNode } from "react";
import { Checkbox, Input, InputNumber, Select } from "antd";
import { useLanguage, useWords } from "@/words/language";
import { products } from "@/words/products";
import type { Draft } from "./draft";
import { useRules } from "./queries";

interface Part {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  isNew?: boolean;
  isCostHidden?: boolean;
  doubts?: readonly string[];
}

function Field({ title, hint, children }: { title: string; hint?: string | undefined; children: ReactNode }) {
  return <div className="stack"><span className="dim">{title}</span>{children}{hint ? <span className="warn">{hint}</span> : null}</div>;
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return <section className="card"><h2>{title}</h2><div className="body stack">{children}</div></section>;
}

export function Fields({ draft, set, isNew = false, isCostHidden = false, doubts = [] }: Part) {
  const words = useWords(products);
  const line = (key: "name" | "nameEn" | "category" | "unit" | "hs" | "code", title: string, length: number) => (
    <Field title={title}><Input value={draft[key]} maxLength={length} aria-label={title} onChange={(event) => set({ [key]: event.target.value })} /></Field>
  );
  const area = (key: "barcodes" | "units" | "components", title: string, hint: string, more?: string) => (
    <Field title={`${title} · ${hint}`} hint={more}><Input.TextArea rows={3} className="mono" value={draft[key]} aria-label={title} onChange={(event) => set({ [key]: event.target.value })} /></Field>
  );
  return (
    <div className="col">
      <Section title={words.basics}>
        {isNew ? line("code", words.code, 64) : null}
        {line("name", words.name, 200)}{line("nameEn", words.nameEn, 200)}{line("category", words.category, 500)}
        <Classes draft={draft} set={set} />
        {area("barcodes", words.barcodes, words.codesMean, doubts.join(" ") || undefined)}
      </Section>
      <Measures draft={draft} set={set} />
      <Section title={words.many}>{line("unit", words.unit, 40)}{area("units", words.units, words.manyMeans)}{area("components", words.components, words.manyMeans)}</Section>
      <Trade draft={draft} set={set} isCostHidden={isCostHidden} hs={line("hs", words.hs, 20)} />
    </div>
  );
}

function Classes({ draft, set }: Part) {
  const words = useWords(products);
  const language = useLanguage();
  const rules = useRules();
  const options = Object.entries(rules.data?.rules.classes ?? {}).map(([value, one]) => ({ value, label: one[language] }));
  const kinds = (["goods", "service", "virtual"] as const).map((value) => ({ value, label: words[value] }));
  return (
    <>
      <Field title={words.kind}><Select value={draft.kind} options={kinds} aria-label={words.kind} onChange={(kind) => set({ kind })} /></Field>
      <Field title={words.goodsClass}><Select value={draft.goodsClass || undefined} allowClear options={options} aria-label={words.goodsClass} onChange={(goodsClass?: string) => set({ goodsClass: goodsClass ?? "" })} /></Field>
    </>
  );
}

function Measures({ draft, set }: Part) {
  const words = useWords(products);
  const side = (at: 0 | 1 | 2) => (
    <InputNumber<number> min={0} max={100_000} precision={0} value={draft.size[at]} aria-label={`${words.size} ${at + 1}`}
      onChange={(value) => set({ size: draft.size.map((old, place) => (place === at ? (value ?? 0) : old)) as [number, number, number] })} />
  );
  return (
    <Section title={words.measures}>
      <Field title={words.weight}><InputNumber<number> min={0} max={10_000_000} precision={0} value={draft.weight} aria-label={words.weight} onChange={(value) => set({ weight: value ?? 0 })} /></Field>
      <Field title={words.size}><span className="line">{side(0)}×{side(1)}×{side(2)}</span></Field>
    </Section>
  );
}

function Trade({ draft, set, isCostHidden, hs }: Part & { hs: ReactNode }) {
  const words = useWords(products);
  const language = useLanguage();
  const rules = useRules();
  const taxes = Object.entries(rules.data?.rules.taxes ?? {}).map(([value, one]) => ({ value, label: one[language] }));
  return (
    <>
      <Section title={words.trade}>
        <Field title={words.tax}><Select value={draft.tax || undefined} allowClear options={taxes} aria-label={words.tax} onChange={(tax?: string) => set({ tax: tax ?? "" })} /></Field>
        {hs}
        {isCostHidden ? <p className="dim">{words.costHidden}</p> : (
          <Field title={words.cost}>
            <span className="line">
              <Input value={draft.cost} inputMode="decimal" maxLength={16} aria-label={words.cost} onChange={(event) => set({ cost: event.target.value })} />
              <Input value={draft.currency} maxLength={3} aria-label={words.currency} onChange={(event) => set({ currency: event.target.value.toUpperCase() })} />
            </span>
          </Field>
        )}
      </Section>
      <Section title={words.tracking}>
        <Checkbox checked={draft.lots} onChange={(event) => set({ lots: event.target.checked })}>{words.lots}</Checkbox>
        <Checkbox checked={draft.serials} onChange={(event) => set({ serials: event.target.checked })}>{words.serials}</Checkbox>
        <Field title={words.shelf}><InputNumber<number> min={0} max={36_500} precision={0} value={draft.shelf} aria-label={words.shelf} onChange={(value) => set({ shelf: value ?? 0 })} /></Field>
        <Field title={words.lowAt}><InputNumber<number> min={0} max={1_000_000} precision={0} value={draft.lowAt} placeholder={words.lowAtDefault} aria-label={words.lowAt} onChange={(lowAt) => set({ lowAt })} /></Field>
      </Section>
    </>
  );
}
