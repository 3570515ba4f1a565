/** Counting blind, on a phone as well: what to count and where, never how many there should be. */
import { useState } from "react";
import { Button, Checkbox, InputNumber } from "antd";
import { asProblem } from "@/api/problem";
import type { DocumentLineView, StockDocumentView } from "@/api/generated/schema";
import { useTold } from "@/shared/told";
import { useMe } from "@/shell/me";
import { useWords } from "@/words/language";
import { documents } from "@/words/stock_documents";
import { useCount } from "./queries";

/** Lines that this person may count now: not those that they counted last. */
function mine(lines: readonly DocumentLineView[], me: string): DocumentLineView[] {
  return lines.filter((line) => line.asks !== "" && line.counted_by !== me);
}

export function Count({ document }: { document: StockDocumentView }) {
  const words = useWords(documents);
  const tell = useTold();
  const me = useMe();
  const count = useCount(document.number);
  const [figures, setFigures] = useState<Readonly<Record<number, number | null>>>({});
  const [slips, setSlips] = useState<readonly number[]>([]);
  const [isSure, setSure] = useState(false);
  const open = mine(document.lines, `user:${me.name}`);
  const told = open.flatMap((line) => {
    const units = figures[line.no];
    return units === null || units === undefined ? [] : [{ line: line.no, units, counted_at: null, is_sure: isSure && slips.includes(line.no) }];
  });
  const send = () => count.mutate({ counts: told }, {
    onSuccess: () => tell.done(words.told),
    onError: (error) => {
      const problem = asProblem(error);
      if (problem.code !== "digit_slip") { tell.failed(error); return; }
      setSlips(String(problem.facts["lines"] ?? "").split(", ").map(Number));
      setSure(false);
    },
  });
  return (
    <section className="card count" aria-label={words.count}>
      <h2>{words.count}</h2>
      <form className="body stack" onSubmit={(event) => { event.preventDefault(); if (told.length > 0) send(); }}>
        <p className="say">{words.blind}</p><p className="dim">{words.blindMeans}</p>
        {open.length === 0 ? <p>{words.nothingLeft} {words.yours}</p> : null}
        {open.map((line) => (
          <label key={line.no} className="count-line">
            <span><b className="mono">{line.sku}</b> <span className="dim">{line.warehouse}</span><br />{line.name}</span>
            <InputNumber<number>
              size="large" inputMode="numeric" min={0} max={1_000_000_000} precision={0} value={figures[line.no] ?? null} aria-label={`${words.quantity} ${line.sku}`}
              status={slips.includes(line.no) ? "warning" : ""} onChange={(units) => { setFigures((before) => ({ ...before, [line.no]: units })); }}
            />
          </label>
        ))}
        {slips.length > 0 ? <div className="alert warn" role="alert"><p>{words.slip}</p><Checkbox checked={isSure} onChange={(event) => setSure(event.target.checked)}>{words.sure}</Checkbox></div> : null}
        {open.length > 0 ? <Button htmlType="submit" type="primary" size="large" block disabled={told.length === 0 || (slips.length > 0 && !isSure)} loading={count.isPending}>{words.tell(told.length)}</Button> : null}
      </form>
    </section>
  );
}
