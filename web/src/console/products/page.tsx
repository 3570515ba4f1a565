/** The SKUs of the seller: found by anything typed, those that look alike in a list of their own. */
import { useMemo } from "react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Button, Input, TreeSelect } from "antd";
import type { Group, SkuView, TwinGroup } from "@/api/generated/schema";
import { Cut, Tag } from "@/shared/cells";
import { count } from "@/shared/money";
import { Empty, Failed } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { Pager } from "@/shared/table/pager";
import { usePages } from "@/shared/table/pages";
import { useTold } from "@/shared/told";
import { Views } from "@/shared/views";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { products } from "@/words/products";
import { shared } from "@/words/shared";
import { useApart, useGroups, useProducts, useTwins } from "./queries";
import { VIEWS } from "./search";
import type { Search } from "./search";

const route = getRouteApi("/products");
const keyOf = (row: SkuView) => row.code;
type Words = (typeof products)["zh"] | (typeof products)["en"];

function columns(words: Words): readonly Column<SkuView>[] {
  return [
    { key: "code", title: words.code, width: 180, isFixed: true, render: (row) => <Link to="/products/$sku" params={{ sku: row.code }} className="mono cut" title={row.code}>{row.code}</Link> },
    { key: "name", title: words.name, render: (row) => <span className="line"><Cut text={row.name} />{row.is_active ? null : <Tag text={words.off} />}{row.is_bundle ? <Tag text={words.bundles} /> : null}</span> },
    { key: "category", title: words.category, width: 160, render: (row) => <Cut text={row.category ?? ""} className="soft" /> },
    { key: "barcodes", title: words.barcodes, width: 150, render: (row) => <Cut text={(row.barcodes ?? []).join(" ")} className="mono" /> },
    { key: "unit", title: words.unit, width: 60, render: (row) => row.unit },
    { key: "weight", title: words.weight, width: 90, align: "right", render: (row) => (row.weight_g ? count(row.weight_g) : null) },
    { key: "hs", title: words.hs, width: 110, render: (row) => <span className="mono">{row.hs_code}</span> },
  ];
}

function card(row: SkuView, words: Words) {
  return (
    <>
      <span className="line"><b className="mono cut">{row.code}</b>{row.is_active ? null : <Tag text={words.off} />}</span>
      <span className="line"><Cut text={row.name} /></span>
    </>
  );
}

export default function Products() {
  const words = useWords(products);
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const may = useMay();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const actions = may("skus:write") ? (
    <>
      <Link to="/products/import"><Button>{words.import} · {words.export}</Button></Link>
      <Link to="/products/$sku" params={{ sku: "+" }}><Button type="primary">{words.add}</Button></Link>
    </>
  ) : null;
  return (
    <Page title={words.title} sub={words.sub} actions={actions}>
      <section className="card">
        <Views chosen={here.view} parts={VIEWS} all={words.all} nameOf={(one) => words[one]} onChoose={(one) => go({ view: one, after: undefined })} />
        {here.view === "twins" ? <Twins after={here.after} go={go} /> : <Skus here={here} go={go} />}
      </section>
    </Page>
  );
}

interface Part {
  go: (change: Partial<Search>) => void;
}

function Skus({ here, go }: Part & { here: Search }) {
  const words = useWords(products);
  const common = useWords(shared);
  const navigate = route.useNavigate();
  const query = useProducts(here);
  const rows = query.data?.skus;
  const way = usePages(here.after, query.data?.next, rows?.length ?? 0, (after) => go({ after }));
  const drawn = useMemo(() => columns(words), [words]);
  const isFiltered = here.view !== undefined || here.q !== undefined || here.category !== undefined;
  const clear = () => go({ view: undefined, q: undefined, category: undefined, after: undefined });
  return (
    <>
      <Filters here={here} go={go} />
      {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
      {query.error && !rows ? null : (
        <List
          label={words.title} columns={drawn} rows={rows} keyOf={keyOf} onOpen={(row) => void navigate({ to: "/products/$sku", params: { sku: row.code } })}
          card={(row) => card(row, words)}
          empty={isFiltered ? <Empty title={words.filterEmpty} action={<button type="button" className="bare" onClick={clear}>{common.clearFilters}</button>} /> : <Empty title={words.empty} text={words.emptyMeans} />}
          foot={rows?.length ? <Pager from={way.from} shown={rows.length} hasNext={Boolean(query.data?.next)} onPrevious={way.onPrevious} onNext={way.onNext} /> : null}
        />
      )}
    </>
  );
}

interface Node {
  value: number;
  title: string;
  children: Node[];
}

function tree(groups: readonly Group[], parent: number | null): Node[] {
  return groups.filter((one) => (one.parent ?? null) === parent).map((one) => ({ value: one.id, title: `${one.name} ${one.skus}`, children: tree(groups, one.id) }));
}

function Filters({ here, go }: Part & { here: Search }) {
  const words = useWords(products);
  const groups = useGroups();
  const nodes = useMemo(() => tree(groups.data?.groups ?? [], null), [groups.data]);
  return (
    <div className="filters">
      <Input.Search key={here.q ?? ""} defaultValue={here.q ?? ""} allowClear placeholder={words.find} aria-label={words.find} style={{ maxWidth: "20rem" }} onSearch={(value) => go({ q: value.trim() || undefined, after: undefined })} />
      {nodes.length > 0 ? (
        <TreeSelect<number | undefined> value={here.category} treeData={nodes} allowClear placeholder={words.category} aria-label={words.category} style={{ minWidth: "12rem" }} onChange={(category) => go({ category, after: undefined })} />
      ) : null}
    </div>
  );
}

function Twins({ after, go }: Part & { after: string | undefined }) {
  const words = useWords(products);
  const query = useTwins(true, after);
  return (
    <div className="body">
      <p className="say">{words.twinsMean}</p>
      <Show query={query}>
        {(page) => (page.groups.length === 0 ? <Empty title={words.twinsEmpty} /> : (
          <div className="stack">
            {page.groups.map((group) => <Twin key={group.skus.map((one) => one.code).join(" ")} group={group} />)}
            {page.next ? <Button onClick={() => go({ after: page.next ?? undefined })}>{words.all}</Button> : null}
          </div>
        ))}
      </Show>
    </div>
  );
}

function Twin({ group }: { group: TwinGroup }) {
  const words = useWords(products);
  const told = useTold();
  const apart = useApart();
  const may = useMay();
  const set = () => apart.mutate(group.skus.map((one) => one.code), {
    onSuccess: () => told.done(words.apartDone), onError: told.failed,
  });
  return (
    <div className="line">
      {group.skus.map((one) => <Link key={one.code} to="/products/$sku" params={{ sku: one.code }} className="mono" title={one.name}>{one.code} <span className="dim">{count(one.on_hand)}</span></Link>)}
      {may("skus:write") ? <Button size="small" loading={apart.isPending} onClick={set}>{words.apart}</Button> : null}
    </div>
  );
}
