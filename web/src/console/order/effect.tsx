/** What doing it would change, as the server found by trying. */
import type { Preview } from "@/api/generated/schema";
import { Phase } from "@/shared/cells";
import { useKindOf } from "@/shared/delivery/state";
import { money } from "@/shared/money";
import { useTitles } from "@/shared/titles";
import { useLanguage, useWords } from "@/words/language";
import { order as bilingual } from "@/words/order";
import type { OrderWords } from "@/words/order";

export function isRefused(preview: Preview): boolean {
  return (preview.counts["refused"] ?? 0) > 0 && (preview.counts["goes_on"] ?? 0) + (preview.counts["held"] ?? 0) === 0;
}

export function Effect({ preview }: { preview: Preview }) {
  const words = useWords(bilingual) as OrderWords;
  const language = useLanguage();
  const name = useTitles();
  const kindOf = useKindOf();
  const row = preview.rows[0];
  if (isRefused(preview)) return <div className="alert bad" role="alert">{words.refusedNow}{row?.why?.[language] || row?.why?.code}</div>;
  const isPlain = preview.stock.length + preview.money.length + preview.tells.length + preview.cases.length === 0;
  return (
    <section className="stack" aria-label={words.effect} data-testid="effect">
      <h3>{words.effect}</h3>
      <dl className="kv">
        {row && row.from !== row.to ? <><dt>{words.effectPhase}</dt><dd className="line"><Phase phase={row.from} /> → <Phase phase={row.to} /></dd></> : null}
        {preview.stock.length > 0 ? <><dt>{words.effectStock}</dt><dd>{preview.stock.map((one) => <div key={`${one.sku}-${one.warehouse}`}><span className="mono">{one.sku}</span> {one.warehouse} <del>{one.before}</del> → <ins>{one.after}</ins></div>)}</dd></> : null}
        {preview.money.length > 0 ? <><dt>{words.effectMoney}</dt><dd>{preview.money.map((one) => <div key={`${one.kind}-${one.currency}`}>{moneyWord(one.kind, words)} {amountOf(one.before, one.currency)} → <b>{amountOf(one.after, one.currency)}</b></div>)}</dd></> : null}
        {preview.tells.length > 0 ? <><dt>{words.effectTells}</dt><dd>{preview.tells.map((one) => <div key={`${one.system}-${one.kind}`}><span className="mono">{one.system}</span> {kindOf(one.kind)} ×{one.count}</div>)}</dd></> : null}
        {preview.cases.length > 0 ? <><dt>{words.effectCases}</dt><dd>{preview.cases.map((one) => name("cases", one.kind)).join("、")}</dd></> : null}
      </dl>
      {preview.money.some((one) => one.kind === "to_give_back" && (one.after ?? 0) > (one.before ?? 0)) ? <p className="alert info">{words.givesBack}</p> : null}
      {preview.cases.some((one) => one.kind === "addition_unpaid") ? <p className="alert warn">{words.waitsForMoney}</p> : null}
      {isPlain ? <p className="dim">{words.noEffect}</p> : null}
    </section>
  );
}

function amountOf(minor: number | null, currency: string): string {
  return minor === null ? "—" : money(minor, currency);
}

function moneyWord(kind: string, words: OrderWords): string {
  const found = words[`m_${kind}` as keyof OrderWords];
  return typeof found === "string" ? found : kind;
}
