/** One SKU: a form in sections, its picture, what channels call it, and who changed what. */
import { useState } from "react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Button } from "antd";
import { asProblem } from "@/api/problem";
import type { GoodsView } from "@/api/generated/schema";
import { Tag, When } from "@/shared/cells";
import { Show } from "@/shared/states/show";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { products } from "@/words/products";
import { Aliases } from "./aliases";
import { fieldWord, valueWord } from "./changed";
import { changeOf, draftOf, isChange, NEW } from "./draft";
import type { Draft } from "./draft";
import { Facts } from "./facts";
import { Fields } from "./fields";
import { Picture } from "./picture";
import { useTold } from "./told";
import { useAdd, useChanges, useProduct, useRules, useSave, useSwitch } from "./queries";

const route = getRouteApi("/products/$sku");

export default function Product() {
  const { sku } = route.useParams();
  return sku === "+" ? <Add /> : <Known key={sku} sku={sku} />;
}

function Crumb({ code }: { code: string }) {
  const words = useWords(products);
  return <nav className="crumb"><Link to="/products">{words.back}</Link> / <span className="mono">{code}</span></nav>;
}

function Add() {
  const words = useWords(products);
  const navigate = route.useNavigate();
  const rules = useRules();
  const [draft, setDraft] = useState<Draft>(NEW);
  const add = useAdd();
  const tell = useTold();
  const keep = () => {
    const row = changeOf(draft, undefined, rules.data?.is_cost_hidden ?? true);
    if (row) add.mutate(row, { onSuccess: (kept) => { tell.done(words.created, kept.doubts ?? []); void navigate({ to: "/products/$sku", params: { sku: row.code } }); }, onError: tell.failed });
  };
  return (
    <>
      <Crumb code={words.add} />
      <Page title={words.add} actions={<Button type="primary" disabled={draft.code.trim() === ""} loading={add.isPending} onClick={keep}>{words.save}</Button>}>
        <Fields draft={draft} set={(change) => setDraft((before) => ({ ...before, ...change }))} isNew />
      </Page>
    </>
  );
}

function Known({ sku }: { sku: string }) {
  const query = useProduct(sku);
  return (
    <>
      <Crumb code={sku} />
      <Show query={query}>{(view) => <Edit view={view} />}</Show>
    </>
  );
}

function Edit({ view }: { view: GoodsView }) {
  const words = useWords(products);
  const may = useMay();
  const [base, setBase] = useState(view);
  const [draft, setDraft] = useState(() => draftOf(view));
  const [isStale, setStale] = useState(false);
  const save = useSave();
  const tell = useTold();
  const row = changeOf(draft, base, view.is_cost_hidden);
  const isChanged = row !== undefined && isChange(row);
  const keep = () => row && save.mutate({ row, version: base.version }, {
    onSuccess: (kept) => { setBase(kept); setDraft(draftOf(kept)); setStale(false); tell.done(words.saved, []); },
    onError: (error) => (asProblem(error).code === "changed_meanwhile" ? setStale(true) : tell.failed(error)),
  });
  const reapply = () => { setBase(view); setStale(false); };
  const actions = (
    <>
      <Link to="/stock/$sku" params={{ sku: view.code }}><Button>{words.stock}</Button></Link>
      {may("skus:write") ? <><Switched view={view} /><Button type="primary" disabled={!isChanged} loading={save.isPending} onClick={keep}>{words.save}</Button></> : null}
    </>
  );
  return (
    <Page title={view.code} sub={<>{view.name} {view.is_active ? null : <Tag text={words.off} />}</>} actions={actions}>
      {isStale ? <div className="alert warn" role="alert"><p>{words.changedMeanwhile}</p><div className="do"><Button onClick={reapply}>{words.reapply}</Button></div></div> : null}
      {view.twins.map((other) => <div key={other} className="alert warn"><p>{words.looksLike(other)} <Link to="/products/$sku" params={{ sku: other }} className="mono">{other}</Link></p></div>)}
      <div className="two">
        <div className="col">
          {may("skus:write") ? <Fields draft={draft} set={(change) => setDraft((before) => ({ ...before, ...change }))} isCostHidden={view.is_cost_hidden} doubts={view.barcodes.filter((one) => one.doubt !== "").map((one) => one.doubt)} /> : <Facts view={view} />}
        </div>
        <div className="col">
          <Picture view={view} />
          <Aliases view={view} />
          <History code={view.code} />
        </div>
      </div>
    </Page>
  );
}

function Switched({ view }: { view: GoodsView }) {
  const words = useWords(products);
  const change = useSwitch();
  const tell = useTold();
  return (
    <Button loading={change.isPending} onClick={() => change.mutate({ code: view.code, isActive: !view.is_active }, { onSuccess: () => tell.done(words.switched, []), onError: tell.failed })}>
      {view.is_active ? words.switchOff : words.switchOn}
    </Button>
  );
}

function History({ code }: { code: string }) {
  const words = useWords(products);
  const query = useChanges(code);
  return (
    <section className="card">
      <h2>{words.history}</h2>
      <div className="body stack">
        <Show query={query}>
          {(page) => (page.changes.length === 0 ? <p className="dim">{words.noHistory}</p> : (
            <>
              {page.changes.map((one) => (
                <div key={one.version}>
                  <p className="dim"><When at={one.at} /> {one.by}</p>
                  {Object.entries(one.changes).map(([field, [from, to]]) => <p key={field}><span>{fieldWord(field, words)}</span> {valueWord(field, from, words) ? <del>{valueWord(field, from, words)}</del> : null} <ins>{valueWord(field, to, words) || "—"}</ins></p>)}
                </div>
              ))}
            </>
          ))}
        </Show>
      </div>
    </section>
  );
}
