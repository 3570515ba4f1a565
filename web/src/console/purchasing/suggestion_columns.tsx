/** The columns of what is to be bought, each figure with its reasons, and a suggestion as a card on a phone. */
import type { ReactNode } from "react";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { SuggestionView } from "@/api/generated/schema";
import { Cut, Tag } from "@/shared/cells";
import { count } from "@/shared/money";
import type { Column } from "@/shared/table/list";
import type { PurchasingWords } from "@/words/purchasing";

interface Act {
  label: string;
  isBusy: boolean;
  act: (row: SuggestionView) => void;
}

/** Why so much is suggested, the figures that count alone. */
function reasons(row: SuggestionView, words: PurchasingWords): string {
  const coming = row.in_transit + row.on_purchase;
  return [
    words.reasonHere(count(row.on_hand), count(row.promised)), row.frozen ? words.reasonFrozen(count(row.frozen)) : "", row.waiting ? words.reasonWaiting(count(row.waiting)) : "",
    coming ? words.reasonComing(count(coming)) : "", row.safety ? words.reasonSafety(count(row.safety)) : "", row.sold ? words.reasonSold(count(row.sold)) : "",
    row.supplier && row.sold ? words.reasonLead(row.lead_days, count(row.target)) : "", row.minimum > 1 || row.pack > 1 ? words.reasonPack(count(row.minimum), count(row.pack)) : "",
  ].filter(Boolean).join(" · ");
}

function lasts(row: SuggestionView, words: PurchasingWords): ReactNode {
  const days = row.days_left ?? undefined;
  if (days === undefined) return <span className="soft">{words.nothingSells}</span>;
  return <span className={days <= 3 ? "bad" : days <= 7 ? "warn" : ""}>{words.days(days)}</span>;
}

function supplied(row: SuggestionView, words: PurchasingWords): ReactNode {
  return row.supplier ? <Cut text={row.supplier} /> : <Link to="/purchasing/suppliers" className="warn">{words.noSupplier}</Link>;
}

function drafted(row: SuggestionView, words: PurchasingWords): ReactNode {
  return row.drafted > 0 ? <Tag text={words.drafted(count(row.drafted))} tone="warn" /> : null;
}

export function columns(words: PurchasingWords, act: Act | undefined): readonly Column<SuggestionView>[] {
  return [
    { key: "sku", title: words.sku, width: 170, isFixed: true, render: (row) => <span className="buy-goods"><Link to="/stock/$sku" params={{ sku: row.sku }} className="mono cut">{row.sku}</Link><Cut text={row.name} className="soft" /></span> },
    { key: "left", title: words.daysLeft, width: 90, align: "right", render: (row) => lasts(row, words) },
    { key: "position", title: `${words.here}+${words.coming}`, width: 110, align: "right", render: (row) => <span className={row.position < 0 ? "bad" : ""}>{count(row.position)}</span> },
    { key: "point", title: words.point, width: 90, align: "right", render: (row) => count(row.point) },
    { key: "missing", title: words.missing, width: 80, align: "right", render: (row) => count(row.missing) },
    { key: "buy", title: words.buy, width: 90, align: "right", render: (row) => <b>{count(row.quantity)}</b> },
    { key: "why", title: words.why, render: (row) => <span className="buy-why soft">{reasons(row, words)} {drafted(row, words)}</span> },
    { key: "supplier", title: words.supplier, width: 110, render: (row) => supplied(row, words) },
    ...(act ? [{ key: "act", title: "", width: 90, align: "right" as const, render: (row: SuggestionView) => <Button size="small" disabled={!row.supplier || act.isBusy} aria-label={`${act.label} ${row.sku}`} onClick={() => act.act(row)}>{act.label}</Button> }] : []),
  ];
}

export function card(row: SuggestionView, words: PurchasingWords, act: ReactNode) {
  return (
    <>
      <span className="line"><b className="mono cut">{row.sku}</b><Cut text={row.name} />{lasts(row, words)}</span>
      <span className="line"><span>{words.point} {count(row.point)} · {words.here}+{words.coming} {count(row.position)} · <b>{words.buy} {count(row.quantity)}</b></span></span>
      <span className="buy-why dim">{reasons(row, words)} {drafted(row, words)}</span>
      <span className="line">{supplied(row, words)}{act}</span>
    </>
  );
}
