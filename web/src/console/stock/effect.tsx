/** What moving stock would do: levels before and after, what channels will show, lines that cannot be. */
import type { MovePreview } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { count } from "@/shared/money";
import { useLanguage, useWords } from "@/words/language";
import { stock } from "@/words/stock";

export function Effect({ preview }: { preview: MovePreview }) {
  const words = useWords(stock);
  const language = useLanguage();
  const changed = preview.shown.filter((one) => one.before !== one.after);
  return (
    <section className="stack" aria-live="polite">
      <p className="dim">{words.asOf} <When at={preview.as_of} isExact /></p>
      {preview.rows.length > 0 ? (
        <div className="alert bad">
          <div>
            <h2>{words.cannot}</h2>
            {preview.rows.slice(0, 20).map((row) => <p key={row.line}>{words.line(row.line)} <span className="mono">{row.sku}</span> {row[language]}</p>)}
          </div>
        </div>
      ) : null}
      <table className="plain">
        <thead><tr><th scope="col">{words.sku}</th><th scope="col">{words.warehouse}</th><th scope="col" className="num">{words.onHand}</th><th scope="col" className="num">{words.available}</th></tr></thead>
        <tbody>
          {preview.stock.slice(0, 50).map((one) => (
            <tr key={`${one.sku}@${one.warehouse}`}>
              <td className="mono">{one.sku}</td><td>{one.warehouse}</td>
              <td className="num"><Turn from={one.before.on_hand} to={one.after.on_hand} /></td>
              <td className="num"><Turn from={one.before.available} to={one.after.available} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{words.channels}</h3>
      {changed.length === 0 ? <p className="dim">{words.noChange}</p> : (
        <table className="plain">
          <tbody>
            {changed.slice(0, 50).map((one) => (
              <tr key={`${one.account} ${one.listing}`}><td>{one.account}</td><td className="mono">{one.listing}</td><td className="num"><Turn from={one.before ?? 0} to={one.after ?? 0} /></td></tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Turn({ from, to }: { from: number; to: number }) {
  return from === to ? <span>{count(to)}</span> : <><del>{count(from)}</del> <ins>{count(to)}</ins></>;
}
