/** Suppliers, and what each of them brings on which terms. */
import "@/console/stock/stock.css";
import "./purchasing.css";
import { useState } from "react";
import { getRouteApi } from "@tanstack/react-router";
import { Button, Drawer, Input, InputNumber, Switch } from "antd";
import type { SupplierView } from "@/api/generated/schema";
import { Cut, Tag } from "@/shared/cells";
import { count } from "@/shared/money";
import { Empty } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { purchasing } from "@/words/purchasing";
import type { PurchasingWords } from "@/words/purchasing";
import { shared } from "@/words/shared";
import { PurchasingParts } from "./purchasing_parts";
import { useKeepSupplier, useSuppliers } from "./queries";
import { Supplies } from "./supplies";

const route = getRouteApi("/purchasing/suppliers");
const keyOf = (row: SupplierView) => row.code;

export default function Suppliers() {
  const words = useWords(purchasing);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const query = useSuppliers();
  const open = (supplier: string | undefined, create?: boolean) => void navigate({ search: { supplier, create } });
  const chosen = query.data?.suppliers.find((one) => one.code === here.supplier);
  const actions = may("purchasing:write") ? <Button type="primary" onClick={() => open(undefined, true)}>{words.addSupplier}</Button> : null;
  return (
    <Page title={words.suppliers} sub={words.suppliersSub} actions={actions}>
      <PurchasingParts />
      <section className="card">
        <Show query={query}>{({ suppliers }) => (
          <List
            label={words.suppliers} columns={columns(words)} rows={suppliers} keyOf={keyOf} card={(row) => card(row, words)} onOpen={(row) => open(row.code)}
            empty={<Empty title={words.noSuppliers} text={words.noSuppliersMeans} />}
          />
        )}</Show>
      </section>
      {here.create || chosen ? (
        <Drawer open mask={false} size={720} title={chosen ? `${chosen.code} ${chosen.name}` : words.addSupplier} onClose={() => open(undefined)}>
          <div className="stack">
            {may("purchasing:write") ? <Form key={chosen?.code ?? ""} known={chosen} onDone={(code) => open(code)} /> : null}
            {chosen ? <Supplies supplier={chosen.code} /> : null}
          </div>
        </Drawer>
      ) : null}
    </Page>
  );
}

function columns(words: PurchasingWords): readonly Column<SupplierView>[] {
  return [
    { key: "code", title: words.code, width: 150, isFixed: true, render: (row) => <b className="mono cut">{row.code}</b> },
    { key: "name", title: words.name, render: (row) => <Cut text={row.name} /> },
    { key: "lead", title: words.leadDays, width: 110, align: "right", render: (row) => row.lead_days },
    { key: "skus", title: words.skus, width: 100, align: "right", render: (row) => count(row.skus) },
    { key: "open", title: words.waiting, width: 110, align: "right", render: (row) => count(row.tickets_open) },
    { key: "on", title: words.state, width: 100, render: (row) => <OnTag row={row} words={words} /> },
  ];
}

function OnTag({ row, words }: { row: SupplierView; words: PurchasingWords }) {
  return row.is_active ? <Tag text={words.isOn} tone="good" /> : <Tag text={words.off} />;
}

function card(row: SupplierView, words: PurchasingWords) {
  return (
    <>
      <span className="line"><b className="mono cut">{row.code}</b><Cut text={row.name} /><OnTag row={row} words={words} /></span>
      <span className="line dim">{words.leadDays} {row.lead_days} · {words.skus} {count(row.skus)} · {words.waiting} {count(row.tickets_open)}</span>
    </>
  );
}

function Form({ known, onDone }: { known: SupplierView | undefined; onDone: (code: string) => void }) {
  const words = useWords(purchasing);
  const common = useWords(shared);
  const tell = useTold();
  const keep = useKeepSupplier();
  const [code, setCode] = useState(known?.code ?? "");
  const [name, setName] = useState(known?.name ?? "");
  const [days, setDays] = useState<number | null>(known?.lead_days ?? 7);
  const [isOn, setIsOn] = useState(known?.is_active ?? true);
  const isWhole = code.trim() !== "" && days !== null;
  const save = () => keep.mutate(
    { code: code.trim(), name: name.trim(), lead_days: days, is_active: isOn },
    { onSuccess: (made) => { tell.done(words.kept); onDone(made.supplier); }, onError: tell.failed },
  );
  return (
    <form className="buy-supplier" onSubmit={(event) => { event.preventDefault(); if (isWhole) save(); }}>
      <label>{words.code}<Input value={code} disabled={known !== undefined} maxLength={64} onChange={(event) => setCode(event.target.value)} /></label>
      <label>{words.name}<Input value={name} maxLength={200} onChange={(event) => setName(event.target.value)} /></label>
      <label>{words.leadDays}<InputNumber<number> value={days} min={0} max={365} precision={0} style={{ width: "100%" }} onChange={setDays} /></label>
      <label>{words.isOn}<span><Switch checked={isOn} aria-label={words.isOn} onChange={setIsOn} /></span></label>
      <div className="do"><Button htmlType="submit" type={known ? "default" : "primary"} disabled={!isWhole} loading={keep.isPending}>{common.save}</Button></div>
    </form>
  );
}
