/** Sold here, gone there: how soon each shop shows a sale at another one, and the step that waited. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, got } from "@/api/client";
import type { ShopReach } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { count } from "@/shared/money";
import { useWords } from "@/words/language";
import { reach } from "@/words/reach";

const REACH = "/api/v1/stock/reach";
type Step = "landing" | "route" | "publish" | "queue" | "answer";
const within = (millis: number | null, longer: string) => (millis === null ? longer : `${Number((millis / 1000).toFixed(2))} s`);

export function Reach() {
  const words = useWords(reach);
  const query = useQuery({ queryKey: [REACH], queryFn: () => got(api.GET(REACH, { params: { query: { hours: 24 } } })) });
  const shops = query.data?.shops ?? [];
  if (!query.data || shops.length === 0) return null;
  const late = shops.reduce((sum, one) => sum + one.late, 0);
  const sales = shops.reduce((sum, one) => sum + one.timed, 0);
  return (
    <section className="card">
      <h2>{words.title}</h2>
      <div className="body stack">
        <p>{words.says(count(sales), query.data.within_seconds, count(late))}</p>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys */}
        <section className="scrolls" aria-label={words.title} tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{words.account}</th><th scope="col" className="num">{words.sales}</th><th scope="col" className="num">p50</th><th scope="col" className="num">p99</th>
                <th scope="col" className="num">{words.late}</th><th scope="col">{words.waited}</th><th scope="col">{words.worst}</th><th scope="col">{words.stillWaits}</th>
              </tr>
            </thead>
            <tbody>{shops.map((one) => <Shop key={one.account} shop={one} />)}</tbody>
          </table>
        </section>
      </div>
    </section>
  );
}

function Shop({ shop }: { shop: ShopReach }) {
  const words = useWords(reach);
  const { worst } = shop;
  return (
    <tr>
      <td className="mono">{shop.account}</td><td className="num">{count(shop.timed)}</td>
      <td className="num">{shop.timed > 0 ? within(shop.p50_ms, words.overADay) : null}</td><td className="num">{shop.timed > 0 ? within(shop.p99_ms, words.overADay) : null}</td>
      <td className={shop.late > 0 ? "num bad strong" : "num"}>{count(shop.late)}</td><td>{shop.step ? words[shop.step as Step] : null}</td>
      <td>{worst ? <><Link to="/stock/$sku" params={{ sku: worst.sku }} className="mono whole">{worst.sku}</Link> {within(worst.total_ms, "")} · {words[worst.step as Step]}</> : null}</td>
      <td>{shop.waiting > 0 ? <>{count(shop.waiting)} {shop.waiting_since ? <When at={shop.waiting_since} /> : null}</> : null}</td>
    </tr>
  );
}
