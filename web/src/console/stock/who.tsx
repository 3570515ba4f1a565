/** Who holds what is not free of a SKU: orders, quotas, and the people who keep units safe or froze them. */
import { Link } from "@tanstack/react-router";
import type { Holder, PersonHolds, QuotaHolds } from "@/api/generated/schema";
import { Cut, Phase, When } from "@/shared/cells";
import { count } from "@/shared/money";
import { Scrolls } from "@/shared/scrolls";
import { Empty } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { useWords } from "@/words/language";
import { stock } from "@/words/stock";
import { useWho } from "./queries";

interface Part {
  sku: string;
  after: string | undefined;
  go: (after: string | undefined) => void;
}

export function Who({ sku, after, go }: Part) {
  const words = useWords(stock);
  const query = useWho(sku, after);
  const rows = query.data?.orders;
  const way = usePages(after, query.data?.next, rows?.length ?? 0, go);
  const columns: readonly Column<Holder>[] = [
    { key: "order", title: words.order, render: (row) => <span className="line"><a href={`/orders/${row.order}`} className="mono cut">{row.order}</a>{row.quota ? <Link to="/stock/quotas/$number" params={{ number: row.quota }} className="cut">{words.byQuota(row.quota)}</Link> : null}</span> },
    { key: "phase", title: words.kind, width: 260, render: (row) => <span className="line"><Phase phase={row.phase} />{row.kind === "allocation" ? words.allocation : words.reservation}</span> },
    { key: "house", title: words.warehouse, width: 100, render: (row) => row.warehouse },
    { key: "quantity", title: words.quantity, width: 80, align: "right", render: (row) => count(row.quantity) },
    { key: "since", title: words.since, width: 130, render: (row) => <When at={row.held_at} /> },
  ];
  const card = (row: Holder) => <><span className="line"><a href={`/orders/${row.order}`} className="mono cut">{row.order}</a><b>{count(row.quantity)}</b></span><span className="line"><Phase phase={row.phase} />{row.warehouse}{row.quota ? <span className="soft cut">{words.byQuota(row.quota)}</span> : null}<When at={row.held_at} /></span></>;
  return (
    <Show query={query}>
      {(found) => (
        <div className="stack">
          <Quotas quotas={found.quotas} />
          <People people={found.people} />
          <List label={words.holders} columns={columns} rows={found.orders} keyOf={(row) => `${row.order_id} ${row.hold_no}`} card={card} empty={<Empty title={words.noHolders} />}
            foot={found.next || after ? <Pager from={way.from} shown={found.orders.length} hasNext={Boolean(found.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null} />
        </div>
      )}
    </Show>
  );
}

function Quotas({ quotas }: { quotas: readonly QuotaHolds[] }) {
  const words = useWords(stock);
  if (quotas.length === 0) return null;
  return (
    <Scrolls label={words.setAside}>
      <table className="plain">
        <thead><tr><th scope="col">{words.setAside}</th><th scope="col">{words.keptFor}</th><th scope="col">{words.warehouse}</th><th scope="col" className="num">{words.quantity}</th><th scope="col">{words.since}</th></tr></thead>
        <tbody>
          {quotas.map((one) => (
            <tr key={one.number}>
              <td><Link to="/stock/quotas/$number" params={{ number: one.number }} className="mono">{one.number}</Link></td><td>{one.kept_for}</td><td>{one.warehouse}</td>
              <td className="num">{count(one.units)}</td><td><When at={one.since} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
  );
}

/** Who somebody is, without the kind that the log writes before the name. */
const named = (actor: string) => actor.slice(actor.indexOf(":") + 1);

function People({ people }: { people: readonly PersonHolds[] }) {
  const words = useWords(stock);
  if (people.length === 0) return null;
  return (
    <Scrolls label={words.byPeople}>
      <table className="plain">
        <thead><tr><th scope="col">{words.byPeople}</th><th scope="col">{words.warehouse}</th><th scope="col" className="num">{words.quantity}</th><th scope="col">{words.who}</th><th scope="col">{words.reason}</th><th scope="col">{words.when}</th></tr></thead>
        <tbody>
          {people.map((one) => (
            <tr key={`${one.warehouse} ${one.bucket}`}>
              <td>{one.bucket === "frozen" ? words.frozen : words.safety}</td><td>{one.warehouse}</td><td className="num">{count(one.units)}</td>
              <td><Cut text={named(one.actor)} /></td><td className="soft">{one.reason}</td><td><When at={one.at} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
  );
}
