/** Setting units aside: which goods where, for whom, which units are drawn first, from when to when, and why. */
import "./quotas.css";
import { useState } from "react";
import { Button, Checkbox, DatePicker, Drawer, Input, Radio, Select } from "antd";
import { newKey } from "@/api/client";
import type { QuotaWish } from "@/api/generated/schema";
import { useTold } from "@/shared/told";
import { instantOf, zoneName } from "@/shared/when";
import { useKeys } from "@/shell/keys";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { quotas } from "@/words/quotas";
import { shared } from "@/words/shared";
import { PlanLines } from "./plan_lines";
import type { Line } from "./plan_lines";
import { usePlan, useShops } from "./queries";

interface Draft {
  lines: readonly Line[];
  account: string;
  campaign: string;
  customer: string;
  isFirst: boolean;
  isOnly: boolean;
  /** Wall clock of the hub's zone, `2026-11-11T00:00`; empty: at once, or never. */
  starts: string;
  ends: string;
  /** A presale: the day its goods are promised for; empty: goods that lie there are kept. */
  promised: string;
  reason: string;
}

const EMPTY: Draft = { lines: [], account: "", campaign: "", customer: "", isFirst: true, isOnly: false, starts: "", ends: "", promised: "", reason: "" };
type Set = (change: Partial<Draft>) => void;

export function PlanDrawer({ sku, onClose }: { sku: string; onClose: () => void }) {
  const words = useWords(quotas);
  return (
    <Drawer open mask={false} size={680} title={words.create} onClose={onClose}>
      <Form sku={sku} onDone={onClose} />
    </Drawer>
  );
}

function wishOf(draft: Draft): QuotaWish {
  return {
    lines: draft.lines.map((one) => ({ sku: one.sku, warehouse: one.warehouse, quantity: one.quantity ?? 0 })), reason: draft.reason.trim(), promised_on: draft.promised || null,
    account: draft.account, campaign: draft.campaign.trim(), customer: draft.customer.trim(), draw_order: draft.isFirst ? -1 : 1, may_fall_through: !draft.isOnly,
    starts_at: draft.starts ? instantOf(draft.starts) : null, ends_at: draft.ends ? instantOf(draft.ends) : null,
  };
}

/** What is wrong with a draft that can be seen before it is sent; empty: nothing. */
function troubleOf(draft: Draft, words: ReturnType<typeof useWords<typeof quotas.zh>>): string {
  const places = draft.lines.map((one) => `${one.sku} ${one.warehouse}`);
  const again = draft.lines.find((_, at) => places.indexOf(places[at] ?? "") !== at);
  if (again) return words.twice(again.sku);
  if (draft.lines.some((one) => !one.warehouse || !one.quantity || one.quantity < 1)) return words.tooFew;
  const starts = draft.starts ? Date.parse(instantOf(draft.starts)) : 0;
  return draft.ends && Date.parse(instantOf(draft.ends)) <= Math.max(starts, Date.now()) ? words.wrongEnd : "";
}

function Form({ sku, onDone }: { sku: string; onDone: () => void }) {
  const words = useWords(quotas);
  const common = useWords(shared);
  const tell = useTold();
  const [key] = useState(newKey);
  const plan = usePlan(key);
  const [draft, setDraft] = useState<Draft>({ ...EMPTY, lines: sku ? [{ sku, name: "", free: "", warehouse: "", quantity: null }] : [] });
  const set: Set = (change) => setDraft((before) => ({ ...before, ...change }));
  const trouble = troubleOf(draft, words);
  const isFor = [draft.account, draft.campaign.trim(), draft.customer.trim(), draft.promised].some(Boolean);
  const isWhole = draft.lines.length > 0 && trouble === "" && isFor && draft.reason.trim().length >= 4;
  const save = () => plan.mutate(wishOf(draft), { onSuccess: (made) => { tell.done(words.saved(made.quotas.length)); onDone(); }, onError: tell.failed });
  const send = () => { if (isWhole && !plan.isPending) save(); };
  useKeys({ send });
  return (
    <form className="stack quota-form" onSubmit={(event) => { event.preventDefault(); send(); }}>
      <PlanLines lines={draft.lines} set={(lines) => set({ lines })} />
      {trouble && draft.lines.some((one) => one.warehouse || one.quantity !== null) ? <p className="warn" role="status">{trouble}</p> : null}
      <Whom draft={draft} set={set} />
      <fieldset>
        <legend>{words.order}</legend>
        <Radio.Group
          value={draft.isFirst} onChange={(event) => set({ isFirst: event.target.value === true })}
          options={[{ value: true, label: words.quotaFirst }, { value: false, label: words.poolFirst }]}
        />
        <Checkbox checked={draft.isOnly} onChange={(event) => set({ isOnly: event.target.checked })}>{words.only}</Checkbox>
      </fieldset>
      <Times set={set} />
      <label className="quota-field"><span>{common.reason}</span><Input value={draft.reason} placeholder={common.reasonNeeded} maxLength={500} onChange={(event) => set({ reason: event.target.value })} /></label>
      <div className="do"><Button htmlType="submit" type="primary" disabled={!isWhole} loading={plan.isPending}>{words.save(draft.lines.length)}</Button></div>
    </form>
  );
}

function Whom({ draft, set }: { draft: Draft; set: Set }) {
  const words = useWords(quotas);
  const may = useMay();
  const shops = useShops(may("accounts:read")).data;
  const options = [{ value: "", label: words.anyAccount }, ...(shops ?? []).filter((one) => one.family === "channels").map((one) => ({ value: one.code, label: one.title ? `${one.code} ${one.title}` : one.code }))];
  return (
    <fieldset>
      <legend>{words.forWhom}</legend>
      <div className="quota-three">
        <label className="quota-field"><span>{words.campaign}</span><Input value={draft.campaign} maxLength={100} onChange={(event) => set({ campaign: event.target.value })} /><small>{words.campaignHint}</small></label>
        <label className="quota-field">
          <span>{words.account}</span>
          {shops ? <Select value={draft.account} options={options} aria-label={words.account} onChange={(account) => set({ account })} />
            : <Input className="mono" value={draft.account} maxLength={200} aria-label={words.account} onChange={(event) => set({ account: event.target.value.trim() })} />}
        </label>
        <label className="quota-field"><span>{words.customer}</span><Input value={draft.customer} maxLength={100} onChange={(event) => set({ customer: event.target.value })} /><small>{words.customerHint}</small></label>
      </div>
    </fieldset>
  );
}

function Times({ set }: { set: Set }) {
  const words = useWords(quotas);
  const pick = (key: "starts" | "ends", title: string, none: string) => (
    <label className="quota-field">
      <span>{title}</span>
      <DatePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" placeholder={none} aria-label={title} style={{ width: "100%" }} onChange={(at) => set({ [key]: at ? at.format("YYYY-MM-DDTHH:mm") : "" })} />
    </label>
  );
  return (
    <fieldset>
      <div className="quota-two">{pick("starts", words.starts, words.startsNow)}{pick("ends", words.ends, words.endsNever)}</div>
      <small className="dim">{words.zone(zoneName())}</small>
      <label className="quota-field">
        <span>{words.presale}</span>
        <DatePicker format="YYYY-MM-DD" placeholder={words.presaleNone} aria-label={words.presale} style={{ width: "100%" }} onChange={(at) => set({ promised: at ? at.format("YYYY-MM-DD") : "" })} />
        <small>{words.presaleMeans}</small>
      </label>
    </fieldset>
  );
}
