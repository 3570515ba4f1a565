/** Warehouses: where goods leave from, what waits there, and which of them get work. */
import { useState } from "react";
import { Button, Drawer } from "antd";
import { getRouteApi } from "@tanstack/react-router";
import type { WarehouseStanding } from "@/api/generated/schema";
import { Cut, When } from "@/shared/cells";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { useMay } from "@/shell/me";
import { SettingsPage } from "@/shell/settings";
import { useWords } from "@/words/language";
import { places } from "@/words/places";
import { settings } from "@/words/settings";
import { HouseDetail, HouseState } from "./detail";
import { HouseForm } from "./form";
import { useHouses } from "./queries";

const route = getRouteApi("/settings/warehouses");
const keyOf = (row: WarehouseStanding) => row.code;
const UNLIMITED = 1_000_000;
type Words = (typeof places)["zh"] | (typeof places)["en"];

export default function Warehouses() {
  const words = useWords(places);
  const title = useWords(settings).warehouses;
  const { peek } = route.useSearch();
  const navigate = route.useNavigate();
  const look = (code: string | undefined) => void navigate({ search: { peek: code } });
  const query = useHouses();
  const [isAdding, setAdding] = useState(false);
  const rows = query.data?.warehouses;
  const chosen = rows?.find((row) => row.code === peek);
  const add = useMay()("skus:write") ? <Button type="primary" onClick={() => setAdding(true)}>{words.addHouse}</Button> : null;
  return (
    <SettingsPage title={title} actions={rows?.length === 0 ? null : add}>
      <section className="card">
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !rows ? null : (
          <List
            label={title} columns={columns(words)} rows={rows} keyOf={keyOf} cursor={peek} onOpen={(row) => look(row.code)} card={(row) => asCard(row, words)}
            empty={<Empty title={words.noHouse} text={words.houseMeans} action={add} />}
          />
        )}
      </section>
      {chosen ? <HouseDetail key={chosen.code} row={chosen} onClose={() => look(undefined)} /> : null}
      {isAdding ? (
        <Drawer open mask={false} size={480} title={words.addHouse} onClose={() => setAdding(false)}><HouseForm onKept={() => setAdding(false)} /></Drawer>
      ) : null}
    </SettingsPage>
  );
}

function load(row: WarehouseStanding): string {
  return row.daily_capacity >= UNLIMITED ? row.works_today.toLocaleString("en") : `${row.works_today.toLocaleString("en")} / ${row.daily_capacity.toLocaleString("en")}`;
}

function columns(words: Words): Column<WarehouseStanding>[] {
  return [
    { key: "code", title: words.code, width: 120, render: (row) => <Cut text={row.code} className="mono strong" /> },
    { key: "name", title: words.name, render: (row) => <Cut text={row.name} /> },
    { key: "system", title: words.system, width: 130, render: (row) => (row.account ? <Cut text={row.account} className="mono" /> : <span className="dim">{words.byHand}</span>) },
    { key: "region", title: words.region, width: 120, render: (row) => <Cut text={row.country === "CN" ? `${row.province} ${row.city}` : `${row.country} ${row.province}`} /> },
    { key: "serves", title: words.serves, width: 130, render: (row) => (row.serves.length ? <Cut text={row.serves.join(words.comma)} /> : <span className="dim">{words.everywhere}</span>) },
    { key: "priority", title: words.priority, width: 70, align: "right", render: (row) => row.priority },
    { key: "today", title: words.today, width: 120, align: "right", render: (row) => <span className={row.works_today >= row.daily_capacity ? "bad strong figure" : "figure"}>{load(row)}</span> },
    { key: "waiting", title: words.waiting, width: 110, align: "right", render: (row) => row.waiting.toLocaleString("en") },
    { key: "oldest", title: words.oldest, width: 110, render: (row) => <When at={row.oldest_at} /> },
    { key: "state", title: words.state, width: 110, render: (row) => <HouseState row={row} /> },
  ];
}

function asCard(row: WarehouseStanding, words: Words) {
  return (
    <>
      <span className="line"><b className="mono">{row.code}</b><Cut text={row.name} /><HouseState row={row} /></span>
      <span className="line soft"><span>{`${words.waiting} ${row.waiting.toLocaleString("en")}`}</span><span>{`${words.today} ${load(row)}`}</span></span>
    </>
  );
}
