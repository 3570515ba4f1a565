/** What was bought: lines with their share of discounts, and the sum that must be even. */
import type { LineView, OrderDetail } from "@/api/generated/schema";
import { Cut, Money, Tag } from "@/shared/cells";
import { isGift } from "@/shared/gift";
import { money } from "@/shared/money";
import { useIsPhone } from "@/shared/phone";
import { useWords } from "@/words/language";
import { order as bilingual } from "@/words/order";
import type { OrderWords } from "@/words/order";

export function Goods({ found }: { found: OrderDetail }) {
  const words = useWords(bilingual) as OrderWords;
  const isPhone = useIsPhone();
  const { currency } = found.order;
  return (
    <section className="card" id="goods">
      <h2>{words.goods}</h2>
      {isPhone ? (
        <ul className="cards">
          {found.lines.map((line) => (
            <li key={line.no} className="card-row">
              <span className="line"><b className="cut">{line.title}</b>{isGift(line) ? <Tag text={words.gift} tone="brand" /> : null}<Money minor={line.amount} currency={currency} /></span>
              <span className="line soft"><span className="mono">{line.sku || line.sku_external}</span> ×{line.ordered}<Progress line={line} /></span>
            </li>
          ))}
        </ul>
      ) : (
        <div className="order-wide">
          <table className="order-lines">
            <thead><tr><th scope="col">{words.good}</th><th scope="col">{words.sku}</th><th scope="col" className="num">{words.price}</th><th scope="col" className="num">{words.quantity}</th><th scope="col" className="num">{words.discount}</th><th scope="col" className="num">{words.sum}</th><th scope="col">{words.progress}</th></tr></thead>
            <tbody>{found.lines.map((line) => <Row key={line.no} line={line} currency={currency} />)}</tbody>
          </table>
        </div>
      )}
      <Sum found={found} />
    </section>
  );
}

function Row({ line, currency }: { line: LineView; currency: string }) {
  const words = useWords(bilingual) as OrderWords;
  return (
    <tr className={line.is_closed ? "left" : ""}>
      <td><Cut text={line.title} />{isGift(line) ? <Tag text={words.gift} tone="brand" /> : null}</td>
      <td className="mono">{line.sku || <Tag text={words.unmapped} tone="warn" />}{line.sku_external && line.sku_external !== line.sku ? <span className="dim"> ← {line.sku_external}</span> : null}</td>
      <td className="num"><Money minor={line.price} currency={currency} isBare /></td>
      <td className="num">{line.ordered}</td>
      <td className="num"><Money minor={line.discount === null ? null : -line.discount} currency={currency} isBare /></td>
      <td className="num"><b><Money minor={line.amount} currency={currency} isBare /></b></td>
      <td><Progress line={line} /></td>
    </tr>
  );
}

function Progress({ line }: { line: LineView }) {
  const words = useWords(bilingual) as OrderWords;
  const open = Math.max(0, line.ordered - line.cancelled - Math.max(line.fulfilled, line.shipped) - line.elsewhere);
  const working = Math.max(0, line.fulfilled - line.shipped);
  return (
    <span className="line">
      {line.shipped > 0 ? <Tag text={words.p_shipped(line.shipped)} tone="good" /> : null}
      {working > 0 ? <Tag text={words.p_working(working)} tone="brand" /> : null}
      {open > 0 && !line.is_closed ? <Tag text={words.p_open(open)} /> : null}
      {line.cancelled > 0 ? <Tag text={words.p_cancelled(line.cancelled)} /> : null}
      {line.returned > 0 ? <Tag text={words.p_returned(line.returned)} /> : null}
    </span>
  );
}

function Sum({ found }: { found: OrderDetail }) {
  const words = useWords(bilingual) as OrderWords;
  const { currency, total, discount, freight, paid, refunded } = found.order;
  const goods = found.lines.every((line) => line.amount !== null) ? found.lines.reduce((all, line) => all + (line.amount ?? 0), 0) : null;
  const left = total === null || paid === null ? null : total - paid;
  return (
    <p className="order-sum">
      <span>{words.g_total} <b><Money minor={goods} currency={currency} /></b></span>
      <span>{words.g_discount} <b><Money minor={discount === null ? null : -discount} currency={currency} /></b></span>
      <span>{words.g_freight} <b><Money minor={freight} currency={currency} /></b></span>
      <span>{words.g_due} <b><Money minor={total} currency={currency} /></b></span>
      <span>{words.g_paid} <b><Money minor={paid} currency={currency} /></b></span>
      {refunded ? <span>{words.g_refunded} <b><Money minor={refunded} currency={currency} /></b></span> : null}
      {left === null ? null : left === 0 ? <span className="good">{words.even}</span> : <span className="warn">{words.owes(money(left, currency))}</span>}
    </p>
  );
}
