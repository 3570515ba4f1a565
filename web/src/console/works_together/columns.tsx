/** The columns of the works that could leave together. */
import type { ReactNode } from "react";
import type { TogetherGroup } from "@/api/generated/schema";
import { Cut, OrderNumber, Receiver, When } from "@/shared/cells";
import type { Column } from "@/shared/table/list";
import { To } from "@/shared/to";
import type { together } from "@/words/together";
import "./together.css";

export type Words = (typeof together)["zh"] | (typeof together)["en"];
type Act = ((group: TogetherGroup) => ReactNode) | undefined;

function Orders({ group }: { group: TogetherGroup }) {
  return (
    <span className="together-orders">
      {group.works.map((work) => <To key={work.number} href={`/orders/${work.order}`}><OrderNumber number={work.order} /></To>)}
    </span>
  );
}

const units = (group: TogetherGroup) => group.works.reduce((sum, work) => sum + work.units, 0);

export function columns(words: Words, act: Act): readonly Column<TogetherGroup>[] {
  const told: Column<TogetherGroup>[] = [
    { key: "receiver", title: words.receiver, width: 130, render: (row) => <Receiver name={row.receiver.name} city={row.receiver.city} /> },
    { key: "orders", title: words.orders, render: (row) => <Orders group={row} /> },
    { key: "units", title: words.units, width: 80, align: "right", render: units },
    { key: "warehouse", title: words.warehouse, width: 100, render: (row) => <Cut text={row.warehouse} className="mono" /> },
    { key: "account", title: words.account, width: 110, render: (row) => <Cut text={row.account} className="mono" /> },
    { key: "less", title: words.less, width: 130, render: (row) => words.parcelsLess(row.parcels_less) },
    { key: "since", title: words.since, width: 110, render: (row) => <When at={row.works[0]?.created_at ?? ""} /> },
  ];
  return act ? [...told, { key: "act", title: words.act, width: 110, render: act }] : told;
}

export function card(row: TogetherGroup, words: Words, act: Act) {
  return (
    <>
      <span className="line"><Receiver name={row.receiver.name} city={row.receiver.city} /><span className="mono">{row.warehouse}</span><span className="dim">{words.parcelsLess(row.parcels_less)}</span></span>
      <Orders group={row} />
      {act ? <span className="do">{act(row)}</span> : null}
    </>
  );
}
