/** No, from edge to edge: the picture of what was scanned beside those of what the box wants. The next right scan clears it. */
import { bench as said } from "@/words/bench";
import { useWords } from "@/words/language";
import { terminal as handSaid } from "@/words/terminal";
import type { Box } from "./bench";
import { LetGo } from "./bench_box";
import { BoxGoods, Picture } from "./bench_goods";
import { Glyph } from "./glyph";
import type { Outcome, Terminal, View } from "./terminal";
import { headOf, whyOf } from "./told";

export function BenchStop({ terminal, view, stop, box }: { terminal: Terminal; view: View; stop: Outcome; box: Box | undefined }) {
  const [words, hand] = [useWords(said), useWords(handSaid)];
  const isFull = box && Object.entries(box.box.wants).every(([sku, wants]) => (box.box.has[sku] ?? 0) >= wants);
  return (
    <section className="stop desk-stop" role="alert" data-testid="stop">
      <header><span className="cross"><Glyph name="cross" /></span><div><h1>{headOf(stop, hand)}</h1><p className="reason">{whyOf(stop.judged, hand)}</p></div></header>
      <div className="sides">
        <div><h2>{words.itIs}</h2><ul className="goods"><li>{stop.sku ? <Picture view={view} sku={stop.sku} /> : null}<div>{stop.name ? <b>{stop.name}</b> : null}<code>{stop.sku || stop.code}</code></div></li></ul></div>
        {box ? <div><h2>{words.itWants}</h2>{isFull ? <p>{words.nothingWanted}</p> : <BoxGoods view={view} wave={box.wave} box={box.box} isLacking />}</div> : null}
      </div>
      {stop.judged.reason === "weight_off" && stop.box ? <LetGo terminal={terminal} work={stop.box.work} grams={stop.code} /> : null}
      <p>{hand.scanRight}</p>
    </section>
  );
}
