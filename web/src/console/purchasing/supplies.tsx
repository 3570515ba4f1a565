/** What one supplier brings: from how many, in packs of how many, for how much. */
import { useState } from "react";
import { Button, InputNumber, Select } from "antd";
import type { SupplyRow, SupplyView } from "@/api/generated/schema";
import { GoodsFinder } from "@/shared/goods_finder";
import { amount, count, minorOf } from "@/shared/money";
import { Show } from "@/shared/states/show";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { purchasing } from "@/words/purchasing";
import { shared } from "@/words/shared";
import { useKeepSupplies, useSupplies } from "./queries";

const CURRENCIES = ["CNY", "USD", "EUR", "HKD", "JPY", "GBP"];

export function Supplies({ supplier }: { supplier: string }) {
  const words = useWords(purchasing);
  const may = useMay();
  const query = useSupplies(supplier);
  const [edited, setEdited] = useState<{ sku: string; name: string; known?: SupplyView | undefined }>();
  const canWrite = may("purchasing:write");
  return (
    <section className="stack">
      <h3>{words.brings}</h3>
      <Show query={query}>{({ supplies, is_more }) => (
        <>
          {supplies.length === 0 ? <p className="dim">{words.noSupplies}</p> : <Table rows={supplies} {...(canWrite ? { onEdit: (known: SupplyView) => setEdited({ sku: known.sku, name: known.name, known }) } : {})} />}
          {is_more ? <p className="dim">{words.more}</p> : null}
        </>
      )}</Show>
      {canWrite ? <GoodsFinder label={words.addGoods} onFound={(goods) => setEdited({ sku: goods.sku, name: goods.title })} /> : null}
      {edited ? <Terms key={edited.sku} supplier={supplier} sku={edited.sku} name={edited.name} known={edited.known} onDone={() => setEdited(undefined)} /> : null}
    </section>
  );
}

function Table({ rows, onEdit }: { rows: readonly SupplyView[]; onEdit?: (row: SupplyView) => void }) {
  const words = useWords(purchasing);
  return (
    <div className="scrolls">
      <table className="plain">
        <thead><tr><th scope="col">{words.sku}</th><th scope="col" className="num">{words.minimum}</th><th scope="col" className="num">{words.pack}</th><th scope="col" className="num">{words.cost}</th><th scope="col">{words.edit}</th></tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.sku} className={row.is_active ? "" : "dim"}>
              <td><span className="mono">{row.sku}</span> <span className="soft">{row.name}{row.is_active ? "" : ` · ${words.off}`}</span></td><td className="num">{count(row.minimum)}</td><td className="num">{count(row.pack)}</td>
              <td className="num whole">{typeof row.cost === "number" && row.currency ? `${amount(row.cost, row.currency)} ${row.currency}` : ""}</td>
              <td>{onEdit ? <Button size="small" aria-label={`${words.editSupplier} ${row.sku}`} onClick={() => onEdit(row)}>{words.edit}</Button> : null}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface TermsProps {
  supplier: string;
  sku: string;
  name: string;
  known: SupplyView | undefined;
  onDone: () => void;
}

function Terms({ supplier, sku, name, known, onDone }: TermsProps) {
  const words = useWords(purchasing);
  const common = useWords(shared);
  const tell = useTold();
  const keep = useKeepSupplies();
  const [minimum, setMinimum] = useState<number | null>(known?.minimum ?? 1);
  const [pack, setPack] = useState<number | null>(known?.pack ?? 1);
  const [currency, setCurrency] = useState(known?.currency || "CNY");
  const [cost, setCost] = useState<string | null>(typeof known?.cost === "number" ? amount(known.cost, currency).replaceAll(",", "") : null);
  const isWhole = minimum !== null && pack !== null;
  const minor = cost ? minorOf(cost, currency) : undefined;
  const save = (isActive: boolean) => {
    const row: SupplyRow = { supplier, sku, minimum, pack, is_active: isActive, priority: null, cost: minor ?? null, currency: minor === undefined ? null : currency };
    keep.mutate({ supplies: [row] }, { onSuccess: () => { tell.done(words.kept); onDone(); }, onError: tell.failed });
  };
  return (
    <form className="alert stack" aria-label={sku} onSubmit={(event) => { event.preventDefault(); if (isWhole) save(true); }}>
      <b><span className="mono">{sku}</span> {name}</b>
      <div className="buy-terms">
        <label>{words.minimum}<InputNumber<number> value={minimum} min={1} max={1_000_000} precision={0} onChange={setMinimum} /></label>
        <label>{words.pack}<InputNumber<number> value={pack} min={1} max={1_000_000} precision={0} onChange={setPack} /></label>
        <label>{words.cost}<InputNumber<string> stringMode value={cost} min="0" onChange={setCost} /></label>
        <label>{words.currency}<Select value={currency} aria-label={words.currency} options={[...new Set([currency, ...CURRENCIES])].map((one) => ({ value: one, label: one }))} onChange={setCurrency} /></label>
      </div>
      <div className="do">
        <Button htmlType="submit" type="primary" disabled={!isWhole} loading={keep.isPending}>{common.save}</Button>
        {known?.is_active ? <Button danger onClick={() => save(false)}>{words.off}</Button> : null}
        <Button onClick={onDone}>{common.cancel}</Button>
      </div>
    </form>
  );
}
