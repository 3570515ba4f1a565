/** All units that are bound for nobody, whatever their SKU. */
import "./stock.css";
import { Empty } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { stock } from "@/words/stock";
import { LeakRows } from "./leaks";
import { useLeaks } from "./queries";
import { StockParts } from "./stock_parts";

export default function Leaked() {
  const words = useWords(stock);
  const query = useLeaks();
  return (
    <Page title={words.leaks} sub={words.leaksSub}>
      <StockParts />
      <section className="card">
        <Show query={query}>
          {({ leaks }) => (leaks.length === 0 ? <Empty title={words.noLeaks} text={words.noLeaksMeans} /> : (
            <div className="body stack"><p className="dim">{words.leaksMean}</p><LeakRows leaks={leaks} hasSku /></div>
          ))}
        </Show>
      </section>
    </Page>
  );
}
