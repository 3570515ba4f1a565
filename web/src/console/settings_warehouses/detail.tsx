/** One warehouse beside the list: how it stands, switched on or off, and what can be changed of it. */
import { useState } from "react";
import { Button, Drawer } from "antd";
import type { WarehouseStanding } from "@/api/generated/schema";
import { Ask } from "@/shared/ask";
import { Tag, When } from "@/shared/cells";
import { To } from "@/shared/to";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { places } from "@/words/places";
import { HouseForm } from "./form";
import { useFloor, useSwitch } from "./queries";

export function HouseState({ row }: { row: WarehouseStanding }) {
  const words = useWords(places);
  if (row.is_active && !row.is_account_active) return <Tag text={words.systemOff} tone="bad" />;
  return <Tag text={row.is_active ? words.on : words.off} tone={row.is_active ? "good" : ""} />;
}

export function HouseDetail({ row, onClose }: { row: WarehouseStanding; onClose: () => void }) {
  const words = useWords(places);
  const may = useMay();
  return (
    <Drawer open mask={false} size={480} title={`${row.code} ${row.name}`} onClose={onClose}>
      <div className="stack">
        <span className="line"><HouseState row={row} /></span>
        <dl className="kv">
          <dt>{words.waiting}</dt><dd className="figure">{row.waiting.toLocaleString("en")}</dd>
          {row.oldest_at ? <><dt>{words.oldest}</dt><dd><When at={row.oldest_at} /></dd></> : null}
          <dt>{words.units}</dt><dd className="figure"><To href={`/stock?warehouse=${encodeURIComponent(row.code)}`}>{row.units.toLocaleString("en")}</To></dd>
          {row.account ? <><dt>{words.system}</dt><dd><To href={`/connections/${encodeURIComponent(row.account)}`}>{row.account}</To></dd></> : null}
        </dl>
        {may("stock:write") && !row.account ? <Floor row={row} /> : null}
        {may("skus:write") ? <><Turn row={row} /><HouseForm key={row.code} known={row} onKept={() => undefined} /></> : null}
        <p className="dim">{words.inRules}</p>
      </div>
    </Drawer>
  );
}

function Turn({ row }: { row: WarehouseStanding }) {
  const words = useWords(places);
  const { failed, done } = useTold();
  const [isAsked, setAsked] = useState(false);
  const turn = useSwitch(row.code);
  const go = (isOn: boolean) => turn.mutate(isOn, {
    onSuccess: (told) => { setAsked(false); done(isOn ? words.turned : words.inFlight(told.orders_in_flight)); }, onError: failed,
  });
  if (isAsked) return <Ask means={words.houseOffMeans} act={`${words.turnOff} ${row.code}`} isBusy={turn.isPending} onAct={() => go(false)} onLeave={() => setAsked(false)} />;
  return <div className="do"><Button danger={row.is_active} loading={turn.isPending} onClick={() => (row.is_active ? setAsked(true) : go(true))}>{row.is_active ? words.turnOff : words.turnOn}</Button></div>;
}

function Floor({ row }: { row: WarehouseStanding }) {
  const words = useWords(places);
  const { failed, done } = useTold();
  const floor = useFloor(row.code);
  const go = () => floor.mutate(!row.is_floor, { onSuccess: () => done(words.saved), onError: failed });
  return (
    <section className="stack">
      <p className="dim">{row.is_floor ? <To href={`/works/waves?warehouse=${encodeURIComponent(row.code)}`}>{words.isFloor}</To> : words.floorMeans}</p>
      <div className="do"><Button loading={floor.isPending} onClick={go}>{row.is_floor ? words.noFloor : words.makeFloor}</Button></div>
    </section>
  );
}
