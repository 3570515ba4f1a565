/** Tables of goods: a file is looked at, its mistakes are named, then it is taken; and tables are given out. */
import "../stock/stock.css";
import { useState } from "react";
import { Link } from "@tanstack/react-router";
import { Button, Checkbox, Input, Segmented, Upload } from "antd";
import { newKey } from "@/api/client";
import type { TablePreview } from "@/api/generated/schema";
import { useTold } from "@/shared/told";
import { Page } from "@/shell/page";
import { useLanguage, useWords } from "@/words/language";
import { importGoods } from "@/words/import_goods";
import { Headings, Mistakes } from "./looked";
import { Progress } from "./progress";
import { KINDS, useExport, useLook, useTake } from "./queries";
import type { Choice, Kind } from "./queries";

export default function ImportGoods() {
  const words = useWords(importGoods);
  const [kind, setKind] = useState<Kind>("skus");
  return (
    <>
      <nav className="crumb"><Link to="/products">{words.back}</Link></nav>
      <Page title={words.title} sub={words.sub}>
        <div className="col">
          <Segmented<Kind> value={kind} options={KINDS.map((value) => ({ value, label: words[value] }))} onChange={setKind} />
          <Taking key={kind} kind={kind} />
          <Giving kind={kind} />
        </div>
      </Page>
    </>
  );
}

function useFailed() {
  const told = useTold();
  return told.failed;
}

function Taking({ kind }: { kind: Kind }) {
  const words = useWords(importGoods);
  const language = useLanguage();
  const [choice, setChoice] = useState<Choice>();
  const [seen, setSeen] = useState<{ preview: TablePreview; key: string }>();
  const [job, setJob] = useState<string>();
  const [look, take] = [useLook(), useTake()];
  const failed = useFailed();
  const see = (one: Choice) => {
    setChoice(one);
    setJob(undefined);
    look.mutate(one, { onSuccess: (preview) => setSeen({ preview, key: newKey() }), onError: (error) => { setSeen(undefined); failed(error); } });
  };
  const begin = (isPartial: boolean) => choice && seen && take.mutate({ one: choice, key: seen.key, isPartial }, { onSuccess: (begun) => setJob(begun.job), onError: failed });
  const first = (file: File): Choice => ({ kind, file, columns: {}, isReplacing: false, document: "", isCounted: false });
  return (
    <section className="card">
      <div className="body stack">
        <div className="do">
          <Upload accept=".csv,.txt,.xlsx,.xls" maxCount={1} showUploadList={false} beforeUpload={(file) => { see(first(file)); return false; }}>
            <Button type={seen ? "default" : "primary"} loading={look.isPending}>{words.file}</Button>
          </Upload>
          <a href={`/api/v1/tables/${kind}/template?form=xlsx&language=${language}`} download>{words.template}</a>
        </div>
        <p className="dim">{choice ? choice.file.name : words.fileMeans}</p>
        {choice ? <Options choice={choice} see={see} /> : null}
        {seen && choice ? (
          <>
            <p className="say">{words.rows(seen.preview.rows, seen.preview.fresh, seen.preview.known, seen.preview.wrong)}</p>
            <Headings preview={seen.preview} chosen={choice.columns} onChoose={(columns) => see({ ...choice, columns })} />
            {seen.preview.mistakes.length > 0 ? <Mistakes preview={seen.preview} /> : null}
            {job ? <Progress id={job} /> : <Begin preview={seen.preview} isBusy={take.isPending} begin={begin} />}
          </>
        ) : null}
      </div>
    </section>
  );
}

function Options({ choice, see }: { choice: Choice; see: (one: Choice) => void }) {
  const words = useWords(importGoods);
  if (choice.kind === "aliases") return <Checkbox checked={choice.isReplacing} onChange={(event) => see({ ...choice, isReplacing: event.target.checked })}>{words.replace}</Checkbox>;
  if (choice.kind !== "stock") return null;
  return (
    <>
      <Input defaultValue={choice.document} maxLength={200} placeholder={words.document} aria-label={words.document} onBlur={(event) => see({ ...choice, document: event.target.value.trim() })} />
      <Checkbox checked={choice.isCounted} onChange={(event) => see({ ...choice, isCounted: event.target.checked })}>{words.counted}</Checkbox>
    </>
  );
}

function Begin({ preview, isBusy, begin }: { preview: TablePreview; isBusy: boolean; begin: (isPartial: boolean) => void }) {
  const words = useWords(importGoods);
  const good = preview.fresh + preview.known;
  const isPartial = preview.wrong > 0;
  return <div className="do"><Button type="primary" disabled={good === 0} loading={isBusy} onClick={() => begin(isPartial)}>{isPartial ? words.partly(good) : words.take(good)}</Button></div>;
}

function Giving({ kind }: { kind: Kind }) {
  const words = useWords(importGoods);
  const language = useLanguage();
  const [job, setJob] = useState<string>();
  const give = useExport();
  const failed = useFailed();
  const begin = (form: "csv" | "xlsx") => give.mutate({ kind, form, language }, { onSuccess: (begun) => setJob(begun.job), onError: failed });
  return (
    <section className="card">
      <h2>{words.exports} {words[kind]}</h2>
      <div className="body stack">
        <p className="dim">{words.exportMeans}</p>
        <div className="do"><Button loading={give.isPending} onClick={() => begin("xlsx")}>{words.xlsx}</Button><Button onClick={() => begin("csv")}>{words.csv}</Button></div>
        {job ? <Progress id={job} /> : null}
      </div>
    </section>
  );
}
