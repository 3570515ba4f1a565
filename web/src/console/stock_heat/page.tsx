/** What sells fast and when, and what lies still. */
import "@/console/stock/stock.css";
import "./heat.css";
import { Link, getRouteApi } from "@tanstack/react-router";
import type { HeatMap } from "@/api/generated/schema";
import { Show } from "@/shared/states/show";
import { whenExact } from "@/shared/when";
import { Page } from "@/shell/page";
import { heat } from "@/words/heat";
import { useLanguage, useWords } from "@/words/language";
import { Controls } from "./controls";
import { Map, Scale } from "./map";
import { useHeat } from "./queries";

const route = getRouteApi("/stock-heat");

export default function Heat() {
  const words = useWords(heat);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const query = useHeat(here);
  return (
    <>
      <nav className="crumb"><Link to="/stock">{words.stock}</Link> / {words.title}</nav>
      <Page title={words.title} sub={words.sub}>
        <section className="card">
          <Controls here={here} onChange={(change) => void navigate({ search: (before) => ({ ...before, ...change }) })} />
          <Show query={query} rows={12}>{(found) => <><Map found={found} /><Foot found={found} isByHouse={here.warehouse !== undefined} /></>}</Show>
        </section>
      </Page>
    </>
  );
}

function Foot({ found, isByHouse }: { found: HeatMap; isByHouse: boolean }) {
  const words = useWords(heat);
  const time = whenExact(found.as_of, useLanguage());
  return (
    <p className="dim body">
      <Scale /> {isByHouse ? words.byHouse : words.bundles} {found.is_behind ? <span className="warn">{words.behind(time)}</span> : words.asOf(time)}
    </p>
  );
}
