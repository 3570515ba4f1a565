/** How a warehouse that is run here is right now: what is urgent and why, stations, hot places, works that stand still. */
import "@/console/stock_heat/heat.css";
import "./floor.css";
import { Select } from "antd";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useWarehouses } from "@/console/stock/queries";
import { Empty } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { whenExact } from "@/shared/when";
import { Page } from "@/shell/page";
import { floorNow } from "@/words/floor_now";
import { useLanguage, useWords } from "@/words/language";
import { Places } from "./places";
import { useNow } from "./queries";
import { Stations, Stuck } from "./stations";
import { Turns } from "./turns";

const route = getRouteApi("/works/floor");

export default function FloorPage() {
  const words = useWords(floorNow);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const houses = useWarehouses();
  const floors = houses.data?.warehouses.filter((one) => one.is_floor) ?? [];
  const chosen = here.warehouse ?? floors[0]?.code;
  const options = floors.map((one) => ({ value: one.code, label: one.name || one.code }));
  const choice = floors.length < 2 ? null : <Select aria-label={words.warehouse} value={chosen} options={options} onChange={(warehouse: string) => void navigate({ search: { warehouse } })} />;
  return (
    <>
      <nav className="crumb"><Link to="/works">{words.back}</Link> / {words.title}</nav>
      <Page title={words.title} sub={words.sub} actions={choice}>
        <Show query={houses}>{() => (chosen ? <House warehouse={chosen} /> : <section className="card"><Empty title={words.noHouse} text={words.noHouseMeans} /></section>)}</Show>
      </Page>
    </>
  );
}

function House({ warehouse }: { warehouse: string }) {
  const words = useWords(floorNow);
  const language = useLanguage();
  const query = useNow(warehouse);
  return (
    <>
      <Turns warehouse={warehouse} />
      <Show query={query}>
        {(found) => (
          <>
            <Stations rows={found.stations} />
            <Places rows={found.places} />
            <Stuck rows={found.stuck} />
            <p className="dim">{words.asOf(whenExact(found.as_of, language))}</p>
          </>
        )}
      </Show>
    </>
  );
}
