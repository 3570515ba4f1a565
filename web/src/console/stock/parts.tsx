/** Parts of a SKU's page that are read by pages of their own: the ledger, and what channels are shown. */
import { Link } from "@tanstack/react-router";
import type { MovementView, ShownStock } from "@/api/generated/schema";
import { Cut, When } from "@/shared/cells";
import { count } from "@/shared/money";
import { Empty } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { useWords } from "@/words/language";
import { stock } from "@/words/stock";
import type { Words } from "./columns";
import { useLedger, useShown } from "./queries";

interface Part {
  sku: string;
  after: string | undefined;
  go: (after: string | undefined) => void;
}

const BUCKETS = ["on_hand", "reserved", "allocated", "set_aside", "safety", "frozen"] as const;

function change(row: MovementView, words: Words): string {
  const titles = { on_hand: words.onHand, reserved: words.reserved, allocated: words.allocated, set_aside: words.setAside, safety: words.safety, frozen: words.frozen };
  return BUCKETS.filter((key) => row[key] !== 0).map((key) => `${titles[key]} ${row[key] > 0 ? "+" : ""}${count(row[key])}`).join(" · ");
}

export function Ledger({ sku, after, go }: Part) {
  const words = useWords(stock);
  const query = useLedger(sku, after);
  const rows = query.data?.movements;
  const way = usePages(after, query.data?.next, rows?.length ?? 0, go);
  const title = (kind: string) => (kind in words ? words[kind as "reserve"] : kind);
  const columns: readonly Column<MovementView>[] = [
    { key: "when", title: words.when, width: 120, render: (row) => <When at={row.at} /> },
    { key: "kind", title: words.kind, width: 110, render: (row) => title(row.kind) },
    { key: "change", title: words.change, width: 240, render: (row) => <Cut text={change(row, words)} /> },
    { key: "house", title: words.warehouse, width: 90, render: (row) => row.warehouse },
    { key: "reason", title: words.reason, render: (row) => <Cut text={row.reason} className="soft" /> },
    { key: "who", title: words.who, width: 140, render: (row) => <Cut text={row.actor} className="soft" /> },
    { key: "order", title: words.order, width: 90, render: (row) => (row.order_id ? <a href={`/orders/${row.order_id}`}>{words.order}</a> : null) },
  ];
  const card = (row: MovementView) => <><span className="line"><b>{title(row.kind)}</b>{row.warehouse}<When at={row.at} /></span><span className="line"><Cut text={change(row, words)} /></span><span className="line dim"><Cut text={row.reason} /></span></>;
  return (
    <Show query={query}>
      {() => (
        <List label={words.ledger} columns={columns} rows={rows} keyOf={(row) => `${row.cause} ${row.kind} ${row.warehouse}`} card={card} empty={<Empty title={words.noLedger} />}
          foot={query.data?.next || after ? <Pager from={way.from} shown={rows?.length ?? 0} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null} />
      )}
    </Show>
  );
}

export function Shown({ sku }: { sku: string }) {
  const words = useWords(stock);
  const query = useShown(sku);
  return (
    <Show query={query}>
      {(found) => (found.shown.length === 0 ? <Empty title={words.noShown} /> : (
        <table className="plain">
          <thead><tr><th scope="col">{words.account}</th><th scope="col">{words.listing}</th><th scope="col" className="num">{words.told}</th><th scope="col" className="num">{words.now}</th><th scope="col">{words.why}</th></tr></thead>
          <tbody>{found.shown.map((one) => <ShownRow key={`${one.account} ${one.listing}`} one={one} />)}</tbody>
        </table>
      ))}
    </Show>
  );
}

function ShownRow({ one }: { one: ShownStock }) {
  const words = useWords(stock);
  const isStuck = one.why === "push_parked";
  return (
    <tr>
      <td>{one.account}</td><td className="mono">{one.listing}{one.factor > 1 ? ` ×${one.factor}` : ""}</td>
      <td className="num">{one.told === null || one.told === undefined ? words.never : count(one.told)} <span className="dim"><When at={one.told_at} /></span></td>
      <td className="num">{one.now === null || one.now === undefined ? words.untold : count(one.now)}</td>
      <td className={isStuck ? "bad" : "soft"}>
        {one.why ? words[one.why as "not_yet"] : words.same} {isStuck ? <Link to="/deliveries" search={{ state: "parked" }}>→</Link> : null}
      </td>
    </tr>
  );
}
