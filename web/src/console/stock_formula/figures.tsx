/** Two formulas side by side: what they could oversell, by SKU, how late everybody is, and what shops would be told. */
import type { FormulaPreview, OversellPrice, PricedSku, PriceTag } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { count } from "@/shared/money";
import { formula } from "@/words/formula";
import { useWords } from "@/words/language";
import { Scrolls } from "@/shared/scrolls";

const seconds = (millis: number) => `${Number((millis / 1000).toFixed(1))} s`;

export function Figures({ preview }: { preview: FormulaPreview }) {
  const words = useWords(formula);
  const { price } = preview;
  return (
    <div className="stack" aria-live="polite">
      <p>{words.priced(price.days, price.skus, price.replayed)} {price.short > 0 ? words.shortToo(count(price.short)) : null}</p>
      <Sums price={price} />
      {price.worst.length > 0 ? <><h3>{words.worst}</h3><Worst rows={price.worst} /></> : null}
      <h3>{words.lags}</h3>
      <p className="dim">{words.lagsMean}</p>
      <Lags price={price} />
      <h3>{words.shownNow}</h3>
      <Shown preview={preview} />
    </div>
  );
}

function Sums({ price }: { price: OversellPrice }) {
  const words = useWords(formula);
  return (
    <Scrolls label={words.look}>
      <table className="plain">
        <thead><tr><th scope="col">{words.figure}</th><th scope="col" className="num">{words.before}</th><th scope="col" className="num">{words.after}</th></tr></thead>
        <tbody>
          <tr><td>{words.bound}</td><Sum units={price.before.bound} skus={price.before.skus} /><Sum units={price.after.bound} skus={price.after.skus} /></tr>
          <tr><td>{words.replayed}</td><Sum units={price.before.replayed} skus={price.before.replayed_skus} /><Sum units={price.after.replayed} skus={price.after.replayed_skus} /></tr>
          {price.demands.filter((one) => one.demand !== price.demand).map((one) => (
            <tr key={one.demand}><td>{words.byDemand(one.demand)}</td><td className="num">{words.units(count(one.before))}</td><td className="num">{words.units(count(one.after))}</td></tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
  );
}

function Sum({ units, skus }: { units: number; skus: number }) {
  const words = useWords(formula);
  return <td className="num"><b>{words.units(count(units))}</b> {skus > 0 ? <span className="dim">{words.ofSkus(skus)}</span> : null}</td>;
}

function Worst({ rows }: { rows: readonly PricedSku[] }) {
  const words = useWords(formula);
  return (
    <Scrolls label={words.worst}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{words.sku}</th><th scope="col" className="num">{words.asked}</th><th scope="col" className="num">{words.bound} · {words.before}</th><th scope="col" className="num">{words.after}</th>
            <th scope="col" className="num">{words.replayed} · {words.before}</th><th scope="col" className="num">{words.after}</th><th scope="col">{words.when}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.sku}>
              <td><span className="mono whole">{row.sku}</span> {row.name}</td><td className="num">{count(row.asked)}</td>
              <td className="num">{count(row.before.bound)}</td><td className="num">{count(row.after.bound)}</td>
              <td className="num"><Replayed tag={row.before} /></td><td className="num"><Replayed tag={row.after} /></td>
              <td><Moment tag={row.after.bound > 0 ? row.after : row.before} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
  );
}

const Replayed = ({ tag }: { tag: PriceTag }) => (tag.replayed === null ? <span className="dim">—</span> : <span className={tag.replayed > 0 ? "bad strong" : ""}>{count(tag.replayed)}</span>);

function Moment({ tag }: { tag: PriceTag }) {
  const words = useWords(formula);
  const at = tag.replayed_at ?? tag.bound_at;
  return at ? <When at={at} /> : <span className="dim">{words.never}</span>;
}

function Lags({ price }: { price: OversellPrice }) {
  const words = useWords(formula);
  const of = (n: number) => <span className="dim">{n > 0 ? words.measured(n) : words.assumed}</span>;
  return (
    <Scrolls label={words.lags}>
      <table className="plain">
        <thead><tr><th scope="col">{words.shop}</th><th scope="col">{words.heard}</th><th scope="col">{words.told}</th></tr></thead>
        <tbody>
          {price.lags.map((lag) => (
            <tr key={lag.account}><td className="mono">{lag.account}</td><td>{seconds(lag.heard_ms)} {of(lag.orders)}</td><td>{seconds(lag.told_ms)} {of(lag.pushes)}</td></tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
  );
}

function Shown({ preview }: { preview: FormulaPreview }) {
  const words = useWords(formula);
  const told = (units: number | null) => (units === null ? words.untold : count(units));
  if (preview.shown.every((one) => one.before === one.after)) return <p className="dim">{words.same}</p>;
  return (
    <Scrolls label={words.shownNow}>
      <table className="plain">
        <thead><tr><th scope="col">{words.shop}</th><th scope="col">{words.sku}</th><th scope="col">{words.listing}</th><th scope="col" className="num">{words.before}</th><th scope="col" className="num">{words.after}</th></tr></thead>
        <tbody>
          {preview.shown.map((one) => (
            <tr key={`${one.account} ${one.listing}`}>
              <td className="mono">{one.account}</td><td className="mono">{one.sku}</td><td className="mono">{one.listing}</td>
              <td className="num">{told(one.before)}</td><td className="num">{one.after === one.before ? told(one.after) : <b>{told(one.after)}</b>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
  );
}
