/** One quota: for whom, how much is kept, drawn and missing, what may be done, and what happened. */
import "./quotas.css";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { QuotaPaper, QuotaView } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { count } from "@/shared/money";
import { Show } from "@/shared/states/show";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { quotas } from "@/words/quotas";
import type { QuotaWords } from "@/words/quotas";
import { Acts } from "./acts";
import { barText, keptFor, missingOf, StateTags, Track } from "./columns";
import { History } from "./history";
import { useQuota } from "./queries";

const route = getRouteApi("/stock/quotas/$number");

export default function OneQuota() {
  const words = useWords(quotas);
  const { number } = route.useParams();
  const query = useQuota(number);
  return (
    <>
      <nav className="crumb"><Link to="/stock">{words.back}</Link> / <Link to="/stock/quotas">{words.title}</Link> / <span className="mono">{number}</span></nav>
      <Page title={number} sub={query.data ? <span className="line"><StateTags row={query.data.quota} words={words} /></span> : undefined}>
        <Show query={query}>{(paper) => <Whole paper={paper} />}</Show>
      </Page>
    </>
  );
}

function sentence(row: QuotaView, words: QuotaWords): string {
  const who = keptFor(row, words);
  if (row.promised_on) return words.sayPresale(count(row.drawn), count(row.quantity - row.drawn), row.promised_on);
  if (row.state === "closed") return words.sayClosed(count(row.drawn), who);
  const missing = missingOf(row);
  const parts = [row.state === "open" ? words.sayOpen(count(row.kept), who) : words.sayPlanned(count(row.quantity), who)];
  if (row.state === "open" && missing > 0) parts.push(words.lacking(count(missing)));
  parts.push(row.draw_order < 0 ? words.beforeAll : words.afterAll);
  return parts.join("");
}

function Whole({ paper }: { paper: QuotaPaper }) {
  const words = useWords(quotas);
  const may = useMay();
  const row = paper.quota;
  return (
    <div className="col">
      <p className="say">{sentence(row, words)}</p>
      {row.is_unbacked && row.state === "open" ? <section className="alert bad"><div><h2>{words.unbacked}</h2><p>{words.unbackedMeans}</p></div></section> : null}
      <section className="card">
        <h2><Link to="/stock/$sku" params={{ sku: row.sku }} className="mono">{row.sku}</Link> <span className="soft">{row.name}</span></h2>
        <div className="body quota-whole"><Figures row={row} /><Facts row={row} /></div>
      </section>
      {may("stock:write") && row.state !== "closed" ? <Acts key={`${row.quantity} ${row.kept} ${row.drawn}`} row={row} /> : null}
      <section className="card">
        <h2>{words.history}</h2>
        <div className="body stack">
          <History facts={paper.history} words={words} />
          {row.drawn > 0 ? <div><p className="dim">{words.drawnWhere}</p><Link to="/stock/$sku" params={{ sku: row.sku }} hash="holders">{words.toWho}</Link></div> : null}
        </div>
      </section>
    </div>
  );
}

function Figures({ row }: { row: QuotaView }) {
  const words = useWords(quotas);
  const missing = missingOf(row);
  const sold = [[words.mayBeSold, row.quantity, ""], [words.sold, row.drawn, words.soldMeans], [words.left, missing, ""]] as const;
  const shown = row.promised_on ? sold : [[words.wanted, row.quantity, ""], [words.kept, row.kept, words.keptMeans], [words.drawn, row.drawn, words.drawnMeans], [words.missing, missing, words.missingMeans]] as const;
  return (
    <>
      <Track row={row} label={barText(row, words)} />
      <div className="quota-figures">{shown.map(([title, units, means]) => <div key={title}><span className="soft">{title}</span><b className="figure">{count(units)}</b><small>{means}</small></div>)}</div>
    </>
  );
}

function Facts({ row }: { row: QuotaView }) {
  const words = useWords(quotas);
  return (
    <dl className="kv">
      <dt>{words.keptFor}</dt><dd>{keptFor(row, words)}</dd>
      <dt>{words.warehouse}</dt><dd>{row.warehouse}</dd>
      <dt>{words.starts}</dt><dd><When at={row.starts_at} isExact /></dd>
      <dt>{words.ends}</dt><dd>{row.ends_at ? <When at={row.ends_at} isExact /> : words.endsNever}</dd>
      {row.promised_on ? <><dt>{words.promised}</dt><dd>{row.promised_on}</dd></> : null}
      <dt>{words.order}</dt><dd>{row.draw_order < 0 ? words.quotaFirst : words.poolFirst}{row.may_fall_through ? null : <> · {words.onlyShort}</>}</dd>
    </dl>
  );
}
