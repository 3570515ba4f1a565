/** The views as tabs: those of the role, one's own, and how many orders each has. */
import { useState } from "react";
import { Button, Input, Popover } from "antd";
import type { ViewShown } from "@/api/generated/schema";
import { useTold } from "@/shared/told";
import { useLanguage, useWords } from "@/words/language";
import { orders } from "@/words/orders";
import { shared } from "@/words/shared";
import { asQuery, useCounts, useDropView, useSaveView } from "./queries";
import type { Filters, Search, Sort } from "./search";
import { NO_FILTERS, SORTS, filtersFrom, isSame } from "./search";

interface ViewsProps {
  views: readonly ViewShown[];
  here: Search;
  filters: Filters;
  sort: Sort;
  go: (change: Partial<Search>) => void;
}
const COUNTED_MAX = 1_000;

export function Views({ views, here, filters, sort, go }: ViewsProps) {
  const words = useWords(orders);
  const language = useLanguage();
  const counts = useCounts().data ?? {};
  const now = views.find((one) => one.id === here.view);
  const isChanged = now ? !isSame(filters, filtersFrom(now.query as Record<string, unknown>)) : !isSame(filters, {});
  const take = (view: ViewShown | undefined) => go({
    ...(view ? filtersFrom(view.query as Record<string, unknown>) : NO_FILTERS), view: view?.id, sort: SORTS.find((one) => one === view?.sort && one !== "-recorded"), after: undefined, peek: undefined,
  });
  const tab = (view: ViewShown | undefined) => {
    const count = view ? counts[view.id] : undefined;
    const isOn = view?.id === now?.id;
    return (
      <button key={view?.id ?? ""} type="button" role="tab" aria-selected={isOn} className={isOn ? "on" : ""} onClick={() => take(view)}>
        {view ? view.title[language] : words.all}
        {count ? <span className={view?.id === "mine" ? "bad strong" : "dim"}>{count >= COUNTED_MAX ? "999+" : count}</span> : null}
      </button>
    );
  };
  return (
    <div className="views">
      <div role="tablist" className="line">{[undefined, ...views].map(tab)}</div>
      <span className="grow" />
      {isChanged ? <Save filters={filters} sort={sort} onSaved={(id) => go({ view: id })} /> : null}
      {now?.origin === "own" && !isChanged ? <Drop id={now.id} onDone={() => take(undefined)} /> : null}
    </div>
  );
}

function Save({ filters, sort, onSaved }: { filters: Filters; sort: Sort; onSaved: (id: string) => void }) {
  const words = useWords(orders);
  const common = useWords(shared);
  const told = useTold();
  const [name, setName] = useState("");
  const save = useSaveView();
  const keep = () => save.mutate({ name, query: asQuery(filters), sort, columns: [], roles: [] }, {
    onSuccess: (made) => { told.done(words.viewSaved); onSaved(made.id); },
    onError: told.failed,
  });
  return (
    <Popover trigger="click" placement="bottomRight" content={<div className="line"><Input autoFocus value={name} maxLength={60} aria-label={words.viewName} placeholder={words.viewName} onPressEnter={keep} onChange={(event) => setName(event.target.value)} /><Button type="primary" disabled={!name.trim()} loading={save.isPending} onClick={keep}>{common.save}</Button></div>}>
      <Button type="link" size="small">{words.saveView}</Button>
    </Popover>
  );
}

function Drop({ id, onDone }: { id: string; onDone: () => void }) {
  const words = useWords(orders);
  const drop = useDropView();
  return <Button type="link" size="small" loading={drop.isPending} onClick={() => drop.mutate(id, { onSuccess: onDone })}>{words.dropView}</Button>;
}
