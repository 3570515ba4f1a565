/** What to export, in which form: made in the background, found under the jobs at the top. */
import { useState } from "react";
import { Button, Checkbox, Input, Modal, Radio } from "antd";
import type { ExportRequest } from "@/api/generated/schema";
import { Show } from "@/shared/states/show";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { useLanguage, useWords } from "@/words/language";
import { orders } from "@/words/orders";
import { shared } from "@/words/shared";
import type { ColumnName } from "./columns";
import { asQuery, useExport, useExportColumns } from "./queries";
import type { Filters, Sort } from "./search";

interface ExportProps {
  chosen: readonly string[];
  filters: Filters;
  sort: Sort;
  columns: readonly ColumnName[];
  onClose: () => void;
}

/** Columns of the file for those of the list that are called otherwise there. */
const FILE: Partial<Record<ColumnName, readonly string[]>> = {
  phase: ["phase", "stage", "hold"], goods: ["goods", "sku", "kinds"], paid: ["currency", "total", "paid"], receiver: ["receiver", "province", "city"], waybills: ["carriers", "waybills"],
  placed: ["placed_at"], external: ["external_id"],
};

export function Export({ chosen, filters, sort, columns, onClose }: ExportProps) {
  const words = useWords(orders);
  const common = useWords(shared);
  const language = useLanguage();
  const told = useTold();
  const may = useMay();
  const query = useExportColumns(true);
  const [isChosen, setChosen] = useState(chosen.length > 0);
  const [isAll, setAll] = useState(false);
  const [form, setForm] = useState<ExportRequest["form"]>("xlsx");
  const [isClear, setClear] = useState(false);
  const [reason, setReason] = useState("");
  const begin = useExport();
  const start = (known: readonly string[]) => {
    const shown = columns.flatMap((name) => FILE[name] ?? [name]).filter((name) => known.includes(name));
    const body: ExportRequest = { query: asQuery(filters), orders: isChosen ? [...chosen] : [], columns: isAll ? [...known] : shown, form, sort, language, as_of: null };
    begin.mutate({ body, reason: isClear ? reason.trim() : "" }, {
      onSuccess: () => { told.done(words.begun); onClose(); },
      onError: told.failed,
    });
  };
  return (
    <Modal open title={words.export} footer={null} onCancel={onClose}>
      <Show query={query}>{(found) => (
        <div className="stack">
          {chosen.length > 0 ? <Radio.Group value={isChosen} onChange={(event) => setChosen(event.target.value as boolean)} options={[{ value: true, label: words.exportChosen(chosen.length) }, { value: false, label: words.exportFilter }]} /> : <p>{words.exportFilter}</p>}
          <Radio.Group value={isAll} onChange={(event) => setAll(event.target.value as boolean)} options={[{ value: false, label: words.asShown }, { value: true, label: words.allColumns }]} />
          <Radio.Group value={form} onChange={(event) => setForm(event.target.value as ExportRequest["form"])} options={[{ value: "xlsx", label: "Excel" }, { value: "csv", label: "CSV" }]} />
          {found.is_closed_only ? <p className="dim">{words.closedOnly}</p> : null}
          {may("pii:read") ? <Checkbox checked={isClear} onChange={(event) => setClear(event.target.checked)}>{words.clearText}</Checkbox> : null}
          {isClear ? <Input value={reason} maxLength={500} aria-label={common.reason} placeholder={words.clearReason} onChange={(event) => setReason(event.target.value)} /> : null}
          <div className="do"><Button type="primary" loading={begin.isPending} disabled={isClear && reason.trim().length < 4} onClick={() => start(found.columns.map((one) => one.name))}>{words.doExport}</Button></div>
        </div>
      )}</Show>
    </Modal>
  );
}
