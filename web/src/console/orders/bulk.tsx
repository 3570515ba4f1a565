/** The bar that floats while orders are chosen, and what each of its buttons asks before it acts. */
import { useState } from "react";
import { Button, Drawer, Input, Select } from "antd";
import { X } from "lucide-react";
import type { ManyPreview, ManyRequest } from "@/api/generated/schema";
import type { Selection } from "@/shared/table/selection";
import { useChosen } from "@/shared/table/selection";
import { useTitles } from "@/shared/titles";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { useLanguage, useWords } from "@/words/language";
import { orders } from "@/words/orders";
import { shared } from "@/words/shared";
import { asQuery, useAhead, useMany, useTagging, useTags } from "./queries";
import { ReplayDrawer } from "./replay";
import type { Filters } from "./search";

type Verb = ManyRequest["verb"];
export interface Scope {
  selection: Selection;
  filters: Filters;
  asOf: string | null;
  isAll: boolean;
  onAll: (isAll: boolean) => void;
  onExport: () => void;
}

export function BulkBar(scope: Scope) {
  const words = useWords(orders);
  const may = useMay();
  const chosen = useChosen(scope.selection);
  const [doing, setDoing] = useState<Verb | "tag" | "replay">();
  if (chosen.length === 0 && doing !== "replay") return null;
  const clear = () => {
    scope.onAll(false);
    scope.selection.clear();
  };
  return (
    <>
      {doing === "replay" ? null : <section className="bulk" aria-label={words.chosen(chosen.length)}>
        <b>{scope.isAll ? words.chosenAll : words.chosen(chosen.length)}</b>
        {scope.isAll || !scope.asOf ? null : <Button type="link" size="small" onClick={() => scope.onAll(true)}>{words.chooseAll}</Button>}
        {may("orders:hold") ? <Button type="text" size="small" onClick={() => setDoing("hold")}>{words.hold}</Button> : null}
        <Button type="text" size="small" onClick={() => setDoing("release")}>{words.release}</Button>
        {may("orders:note") && !scope.isAll ? <Button type="text" size="small" onClick={() => setDoing("tag")}>{words.tag}</Button> : null}
        {may("messages:write") ? <Button type="text" size="small" onClick={() => setDoing("replay")}>{words.replay}</Button> : null}
        {may("orders:export") || may("orders:export-closed") ? <Button type="text" size="small" onClick={scope.onExport}>{words.export}</Button> : null}
        <Button type="text" size="small" danger onClick={() => setDoing("cancel")}>{words.cancel}</Button>
        <button type="button" className="bare" aria-label={words.clear} onClick={clear}><X aria-hidden="true" /></button>
      </section>}
      {doing === "replay" ? <ReplayDrawer chosen={{ orders: scope.isAll ? [] : [...chosen], filter: scope.isAll && scope.asOf ? { query: asQuery(scope.filters), as_of: scope.asOf, except: [] } : null }} onClose={() => setDoing(undefined)} onDone={clear} /> : null}
      {doing === "tag" ? <TagDrawer ids={chosen} onClose={() => setDoing(undefined)} /> : null}
      {doing && doing !== "tag" && doing !== "replay" ? <Doing key={doing} verb={doing} scope={scope} chosen={chosen} onClose={() => setDoing(undefined)} onDone={clear} /> : null}
    </>
  );
}

const DO = { hold: "doHold", release: "doRelease", cancel: "doCancel" } as const;

function Doing({ verb, scope, chosen, onClose, onDone }: { verb: Verb; scope: Scope; chosen: readonly string[]; onClose: () => void; onDone: () => void }) {
  const words = useWords(orders);
  const common = useWords(shared);
  const told = useTold();
  const [reason, setReason] = useState("");
  const [ahead, many] = [useAhead(), useMany()];
  const body: ManyRequest = {
    verb, reason, hold_type: "manual", orders: scope.isAll ? [] : [...chosen],
    filter: scope.isAll && scope.asOf ? { query: asQuery(scope.filters), as_of: scope.asOf, except: [] } : null,
  };
  const begin = () => many.mutate(body, { onSuccess: () => { told.done(words.begun); onClose(); onDone(); }, onError: told.failed });
  const isReady = reason.trim().length >= 4;
  const count = ahead.data ? words.count(ahead.data.row_count) : scope.isAll ? words.whole : words.count(chosen.length);
  return (
    <Drawer open mask={false} size={640} title={words[verb]} onClose={onClose}>
      <div className="stack">
        <label className="stack">{common.reason}<Input autoFocus value={reason} maxLength={500} placeholder={common.reasonNeeded} onChange={(event) => { setReason(event.target.value); ahead.reset(); }} /></label>
        <div className="do">
          <Button disabled={!isReady} loading={ahead.isPending} onClick={() => ahead.mutate(body, { onError: told.failed })}>{words.preview}</Button>
          <Button type="primary" danger={verb === "cancel"} disabled={!isReady || !ahead.data} loading={many.isPending} onClick={begin}>{words[DO[verb]](count)}</Button>
        </div>
        {ahead.data ? <Ahead found={ahead.data} /> : null}
      </div>
    </Drawer>
  );
}

/** The server's own dry run: counts first, then what stands in the way of whom. */
function Ahead({ found }: { found: ManyPreview }) {
  const words = useWords(orders);
  const language = useLanguage();
  const title = useTitles();
  const counts = found.preview.counts as Record<string, number>;
  const shown = ["goes_on", "held", "unchanged", "refused"] as const;
  const refused = found.preview.rows.filter((row) => row.why);
  return (
    <section className="stack">
      <h3>{words.ahead}</h3>
      {(found.row_count) > 500 ? <p className="dim">{words.allRows(found.row_count)} · {words.first500}</p> : null}
      <p className="line">{shown.filter((name) => counts[name]).map((name) => <span key={name} className={name === "refused" ? "bad" : ""}>{words[name]} <b>{counts[name]}</b></span>)}</p>
      {found.preview.stock.length > 0 ? <dl className="kv">{found.preview.stock.slice(0, 20).map((one) => [<dt key={one.sku} className="mono">{one.sku}</dt>, <dd key={`${one.sku} to`}>{one.before} → {one.after}</dd>])}</dl> : null}
      {refused.slice(0, 50).map((row) => <p key={row.ref}><span className="mono">{row.ref}</span> <span className="dim">{(language === "zh" ? row.why?.zh : row.why?.en) || title("holds", row.why?.code ?? "")}</span></p>)}
    </section>
  );
}

function TagDrawer({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const words = useWords(orders);
  const common = useWords(shared);
  const told = useTold();
  const known = (useTags().data ?? []).map((one) => ({ value: one.name, label: one.name }));
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const tagging = useTagging();
  const save = () => tagging.mutate({ orders: [...ids], add, remove }, {
    onSuccess: () => { told.done(words.tagged); onClose(); },
    onError: told.failed,
  });
  return (
    <Drawer open mask={false} size={640} title={`${words.tag} · ${words.count(ids.length)}`} onClose={onClose}>
      <div className="stack">
        <label className="stack">{words.tagAdd}<Select mode="tags" autoFocus aria-label={words.tagAdd} value={add} options={known} placeholder={words.tagHint} tokenSeparators={[",", "，"]} onChange={setAdd} /></label>
        <label className="stack">{words.tagRemove}<Select mode="multiple" aria-label={words.tagRemove} value={remove} options={known} onChange={setRemove} /></label>
        <div className="do"><Button type="primary" disabled={add.length + remove.length === 0} loading={tagging.isPending} onClick={save}>{common.save}</Button></div>
      </div>
    </Drawer>
  );
}
