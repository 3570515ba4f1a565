/** The columns of the list of quotas, a quota as a card on a phone, and the bar of what is kept, drawn and missing. */
import "./quotas.css";
import { Link } from "@tanstack/react-router";
import type { QuotaView } from "@/api/generated/schema";
import { Cut, Tag, When } from "@/shared/cells";
import { count } from "@/shared/money";
import type { Column } from "@/shared/table/list";
import type { QuotaWords } from "@/words/quotas";
import type { State } from "./search";

const TONES: Record<State, "" | "brand" | "held"> = { open: "brand", planned: "held", closed: "" };

/** What it wants and has not: nothing once it is over. */
export const missingOf = (row: QuotaView) => (row.state === "closed" ? 0 : Math.max(row.quantity - row.kept - row.drawn, 0));

export function keptFor(row: QuotaView, words: QuotaWords): string {
  const parts = [row.campaign ? `${words.campaign} ${row.campaign}` : "", row.account ? `${words.account} ${row.account}` : "", row.customer ? `${words.customer} ${row.customer}` : ""];
  return parts.filter(Boolean).join(" · ") || words.everybody;
}

export function StateTags({ row, words }: { row: QuotaView; words: QuotaWords }) {
  return (
    <>
      <Tag text={words[row.state as State]} tone={TONES[row.state as State]} />
      {row.promised_on ? <Tag text={words.presaleTag(row.promised_on)} tone="brand" /> : null}
      {row.is_unbacked && row.state === "open" ? <Tag text={words.unbacked} tone="bad" title={words.unbackedMeans} /> : null}
    </>
  );
}

/** What a quota is made of, as a line; of a presale what is sold, and what may still be. */
export function Track({ row, label }: { row: QuotaView; label?: string }) {
  const missing = missingOf(row);
  return (
    <span className="quota-track" {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })}>
      {row.promised_on ? <><i className="kept" style={{ flexGrow: row.drawn }} /><i style={{ flexGrow: missing }} /></> : <><i className="kept" style={{ flexGrow: row.kept }} /><i className="drawn" style={{ flexGrow: row.drawn }} /><i className="missing" style={{ flexGrow: missing }} /></>}
    </span>
  );
}

/** The same in words. */
export function barText(row: QuotaView, words: QuotaWords): string {
  const missing = count(missingOf(row));
  return row.promised_on ? `${words.sold} ${count(row.drawn)} · ${words.left} ${missing}` : words.bar(count(row.kept), count(row.drawn), missing);
}

/** The bar says its figures beside it: colour and length are never alone. */
export function Bar({ row, words }: { row: QuotaView; words: QuotaWords }) {
  const missing = missingOf(row);
  return (
    <span className="quota-bar" title={barText(row, words)}>
      <Track row={row} />
      {row.promised_on ? <span className="figure">{barText(row, words)}</span> : <span className="figure">{count(row.kept)} / {count(row.drawn)} / <span className={missing > 0 && row.state === "open" ? "warn" : ""}>{count(missing)}</span></span>}
    </span>
  );
}

export function Span({ row, words }: { row: QuotaView; words: QuotaWords }) {
  return <span className="line"><When at={row.starts_at} /><span className="dim">-</span>{row.ends_at ? <When at={row.ends_at} /> : <span className="dim cut" title={words.endsNever}>{words.endsNever}</span>}</span>;
}

export function columns(words: QuotaWords): readonly Column<QuotaView>[] {
  return [
    { key: "number", title: words.number, width: 150, isFixed: true, render: (row) => <Link to="/stock/quotas/$number" params={{ number: row.number }} className="mono cut" title={row.number}>{row.number}</Link> },
    { key: "sku", title: words.sku, render: (row) => <span className="line"><Link to="/stock/$sku" params={{ sku: row.sku }} className="mono cut" title={row.sku}>{row.sku}</Link><Cut text={row.name} className="soft" /></span> },
    { key: "warehouse", title: words.warehouse, width: 90, render: (row) => <Cut text={row.warehouse} /> },
    { key: "for", title: words.keptFor, width: 150, render: (row) => <Cut text={keptFor(row, words)} /> },
    { key: "bar", title: <span title={`${words.keptMeans} / ${words.drawnMeans} / ${words.missingMeans}`}>{words.units}</span>, width: 270, render: (row) => <Bar row={row} words={words} /> },
    { key: "until", title: words.until, width: 180, render: (row) => <Span row={row} words={words} /> },
    { key: "state", title: words.state, width: 150, render: (row) => <span className="quota-tags"><StateTags row={row} words={words} /></span> },
  ];
}

export function card(row: QuotaView, words: QuotaWords) {
  return (
    <>
      <span className="line"><b className="mono cut">{row.sku}</b><Cut text={row.warehouse} className="soft" /><span className="line"><StateTags row={row} words={words} /></span></span>
      <span className="line"><Cut text={keptFor(row, words)} /></span>
      <span className="line"><Bar row={row} words={words} /></span>
      <span className="line dim"><span className="mono cut">{row.number}</span><Span row={row} words={words} /></span>
    </>
  );
}
