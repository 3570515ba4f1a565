/** Carriers: whose labels are bought, whose parcels are followed, and what waits for each. */
import type { ReactNode } from "react";
import { useState } from "react";
import { Button } from "antd";
import { Link } from "@tanstack/react-router";
import type { CarrierStanding, CarrierStandings } from "@/api/generated/schema";
import { Ask } from "@/shared/ask";
import { Cut, Tag, When } from "@/shared/cells";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { SettingsPage } from "@/shell/settings";
import { useLanguage, useWords } from "@/words/language";
import type { Language } from "@/words/language";
import { places } from "@/words/places";
import { settings } from "@/words/settings";
import { useCarriers, useSwitch } from "./queries";

const keyOf = (row: CarrierStanding) => row.code;
const CAN = ["label", "pickup", "quote", "track"] as const;
type Words = (typeof places)["zh"] | (typeof places)["en"];

export default function Carriers() {
  const words = useWords(places);
  const language = useLanguage();
  const title = useWords(settings).carriers;
  const query = useCarriers();
  const [asked, setAsked] = useState<CarrierStanding>();
  const isWriter = useMay()("accounts:write");
  const rows = query.data?.carriers;
  const add = isWriter ? <Link to="/connections/new"><Button type="primary">{words.connect}</Button></Link> : null;
  const lost = query.data ? Object.entries(query.data.unfollowed) : [];
  const turn = (row: CarrierStanding) => (isWriter ? <Turn row={row} onOff={() => setAsked(row)} /> : null);
  return (
    <SettingsPage title={title} actions={rows?.length === 0 ? null : add}>
      {lost.length > 0 ? <div className="alert warn"><p>{words.unfollowed(lost.map(([code, count]) => words.count(query.data?.titles[code]?.[language] ?? code, count)).join(words.comma))}</p></div> : null}
      {asked ? <Off row={asked} onDone={() => setAsked(undefined)} /> : null}
      <section className="card">
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !rows ? null : (
          <List
            label={title} columns={columns(words, query.data, language, turn)} rows={rows} keyOf={keyOf} card={(row) => asCard(row, words, carries(row, query.data, language, words), turn)}
            empty={<Empty title={words.noCarrier} text={words.carrierMeans} action={add} />}
          />
        )}
      </section>
    </SettingsPage>
  );
}

function carries(row: CarrierStanding, found: CarrierStandings | undefined, language: Language, words: Words): string {
  return row.carriers.length === 0 ? words.any : row.carriers.map((code) => found?.titles[code]?.[language] ?? code).join(words.comma);
}

function Health({ row }: { row: CarrierStanding }) {
  const words = useWords(places);
  if (!row.is_active) return <Tag text={words.off} />;
  if (row.is_well === false) return <Tag text={words.ill} tone="bad" title={row.health} />;
  return <Tag text={row.is_well ? words.well : words.untested} tone={row.is_well ? "good" : ""} />;
}

function columns(words: Words, found: CarrierStandings | undefined, language: Language, turn: (row: CarrierStanding) => ReactNode): Column<CarrierStanding>[] {
  const waits = (count: number) => (count > 1000 ? words.most : count.toLocaleString("en"));
  return [
    { key: "code", title: words.account, width: 110, render: (row) => <Link to="/connections/$code" params={{ code: row.code }} className="mono">{row.code}</Link> },
    { key: "title", title: words.name, render: (row) => <Cut text={row.title} /> },
    { key: "carries", title: words.carries, width: 140, render: (row) => <Cut text={carries(row, found, language, words)} /> },
    { key: "can", title: words.can, width: 170, render: (row) => <Cut text={CAN.filter((one) => row.can.includes(one)).map((one) => words[one]).join(words.comma)} className="soft" /> },
    { key: "day", title: words.labelsDay, width: 90, align: "right", render: (row) => row.labels_day.toLocaleString("en") },
    { key: "week", title: words.labelsWeek, width: 84, align: "right", render: (row) => <span title={row.last_label_at ?? ""}>{row.labels_week.toLocaleString("en")}</span> },
    { key: "parcels", title: words.parcels, width: 104, align: "right", render: (row) => row.parcels.toLocaleString("en") },
    { key: "parked", title: words.parked, width: 66, align: "right", render: (row) => <span className={row.parked ? "bad strong" : ""} title={row.last_error}>{waits(row.parked)}</span> },
    { key: "state", title: words.state, width: 88, render: (row) => <Health row={row} /> },
    { key: "do", title: "", width: 120, align: "right", render: turn },
  ];
}

function asCard(row: CarrierStanding, words: Words, carried: string, turn: (row: CarrierStanding) => ReactNode) {
  return (
    <>
      <span className="line"><Link to="/connections/$code" params={{ code: row.code }} className="mono strong">{row.code}</Link><Cut text={row.title} /><Health row={row} /></span>
      <span className="line soft"><Cut text={carried} /><span>{`${words.labelsWeek} ${row.labels_week.toLocaleString("en")}`}</span></span>
      <span className="line dim">{row.last_label_at ? <><span>{words.lastLabel}</span><When at={row.last_label_at} /></> : null}<span className="grow" />{turn(row)}</span>
    </>
  );
}

function Turn({ row, onOff }: { row: CarrierStanding; onOff: () => void }) {
  const words = useWords(places);
  const { failed, done } = useTold();
  const turn = useSwitch(row.code);
  const name = row.is_active ? words.turnOff : words.turnOn;
  return (
    <Button size="small" danger={row.is_active} aria-label={`${name} ${row.code}`} loading={turn.isPending} onClick={() => (row.is_active ? onOff() : turn.mutate(true, { onSuccess: () => done(words.turned), onError: failed }))}>
      {name}
    </Button>
  );
}

function Off({ row, onDone }: { row: CarrierStanding; onDone: () => void }) {
  const words = useWords(places);
  const { failed, done } = useTold();
  const turn = useSwitch(row.code);
  const go = () => turn.mutate(false, { onSuccess: () => { done(words.carrierOff); onDone(); }, onError: failed });
  return <Ask means={words.carrierOffMeans} act={`${words.turnOff} ${row.code}`} isBusy={turn.isPending} onAct={go} onLeave={onDone} />;
}
