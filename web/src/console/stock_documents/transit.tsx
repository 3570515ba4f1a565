/** Goods of a transfer come in, or are given up: line by line, what is still on its way is offered first. */
import { useState } from "react";
import { Button, Input, InputNumber, Segmented } from "antd";
import type { StockDocumentView } from "@/api/generated/schema";
import { useTold } from "@/shared/told";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { documents } from "@/words/stock_documents";
import { useLose, useReceive } from "./queries";

export function Transit({ document }: { document: StockDocumentView }) {
  const words = useWords(documents);
  const common = useWords(shared);
  const tell = useTold();
  const receive = useReceive(document.number);
  const lose = useLose(document.number);
  const open = document.lines.filter((line) => line.rest > 0);
  const [act, setAct] = useState<"receive" | "lose">("receive");
  const [reason, setReason] = useState("");
  const [figures, setFigures] = useState<Readonly<Record<number, number | null>>>(() => Object.fromEntries(open.map((line) => [line.no, line.rest])));
  const told = open.flatMap((line) => (figures[line.no] ? [{ line: line.no, units: figures[line.no] ?? 0 }] : []));
  const isWhole = told.length > 0 && (act === "receive" || reason.trim().length >= 4);
  const send = () => {
    const ends = { onSuccess: () => tell.done(act === "receive" ? words.receivedNow : words.told), onError: tell.failed };
    if (act === "receive") receive.mutate({ arrived: told }, ends);
    else lose.mutate({ lost: told, reason: reason.trim() }, ends);
  };
  return (
    <section className="card" aria-label={words[act]}>
      <h2>{words.rest}</h2>
      <form className="body stack" onSubmit={(event) => { event.preventDefault(); if (isWhole) send(); }}>
        {document.may.includes("lose") ? <Segmented<"receive" | "lose"> value={act} options={[{ value: "receive", label: words.receive }, { value: "lose", label: words.lose }]} onChange={setAct} /> : null}
        {act === "lose" ? <p className="dim">{words.loseMeans}</p> : null}
        {open.map((line) => (
          <label key={line.no} className="count-line">
            <span><b className="mono">{line.sku}</b> {line.name}<br /><span className="dim">{words.inTransit(String(line.rest))}</span></span>
            <InputNumber<number> min={0} max={1_000_000_000} precision={0} value={figures[line.no] ?? null} aria-label={`${act === "receive" ? words.came : words.lostUnits} ${line.sku}`} onChange={(units) => setFigures((before) => ({ ...before, [line.no]: units }))} />
          </label>
        ))}
        {act === "lose" ? <Input value={reason} placeholder={common.reasonNeeded} aria-label={common.reason} maxLength={500} onChange={(event) => setReason(event.target.value)} /> : null}
        <div className="do"><Button htmlType="submit" type={act === "receive" ? "primary" : "default"} danger={act === "lose"} disabled={!isWhole} loading={receive.isPending || lose.isPending}>{words[act]}</Button></div>
      </form>
    </section>
  );
}
