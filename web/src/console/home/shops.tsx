/** Today by shop against yesterday until the same minute; each currency stands for itself. */
import type { ShopToday } from "@/api/generated/schema";
import { ChannelTile, Cut } from "@/shared/cells";
import { count, moneyShort, money } from "@/shared/money";
import { To } from "@/shared/to";
import { address } from "@/shared/address";
import { home } from "@/words/home";
import { useLanguage, useWords } from "@/words/language";

const SHOWN = 8;

export function Shops({ shops }: { shops: readonly ShopToday[] }) {
  const words = useWords(home);
  const most = Math.max(1, ...shops.map((shop) => Math.max(shop.orders, shop.before)));
  return (
    <section className="card" aria-labelledby="home-shops">
      <h2 id="home-shops">{words.shops} <small>{words.shopsSub}</small></h2>
      <div className="body">
        {shops.length === 0 ? <p className="dim">{words.shopsEmpty}</p> : (
          <table className="small-table shops">
            <thead><tr><th scope="col">{words.shop}</th><th scope="col" className="num">{words.orders}</th><th scope="col" className="num">{words.change}</th><th scope="col" className="num">{words.value}</th></tr></thead>
            <tbody>{shops.slice(0, SHOWN).map((shop) => <Row key={shop.account} shop={shop} most={most} />)}</tbody>
          </table>
        )}
      </div>
    </section>
  );
}

function Row({ shop, most }: { shop: ShopToday; most: number }) {
  const language = useLanguage();
  const words = useWords(home);
  return (
    <tr>
      <th scope="row"><span className="line"><ChannelTile channel={shop.channel} /><Cut text={shop.account} /></span></th>
      <td className="num pair" aria-label={`${count(shop.orders)}, ${words.before} ${count(shop.before)}`} title={`${words.before} ${count(shop.before)}`}>
        <To href={address("/orders", { account: shop.account, placed: "today" })}><b>{count(shop.orders)}</b></To>
        <span className="two-bars" aria-hidden="true">
          <i style={{ width: `${(shop.orders / most) * 100}%` }} /><i className="was" style={{ width: `${(shop.before / most) * 100}%` }} />
        </span>
      </td>
      <td className="num"><Change now={shop.orders} before={shop.before} /></td>
      <td className="num">
        {shop.amounts.map((one) => <div key={one.currency} title={`${money(one.now, one.currency)} · ${words.before} ${money(one.before, one.currency)}`}>{moneyShort(one.now, one.currency, language)}</div>)}
      </td>
    </tr>
  );
}

/** How much more or less than before, in percent; no colour: more orders are not "good" by themselves. */
function Change({ now, before }: { now: number; before: number }) {
  const words = useWords(home);
  if (before === 0) return now ? <span className="dim">{words.fresh}</span> : null;
  const percent = Math.round(((now - before) / before) * 100);
  return <span className="soft">{percent > 0 ? "+" : percent < 0 ? "−" : ""}{Math.abs(percent)}%</span>;
}
