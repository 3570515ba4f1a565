/** The price tag of a draft: seen first, then saved with a reason. Whatever changes after it was seen has to be seen anew. */
import { useState } from "react";
import { Button, Input, Segmented } from "antd";
import { asProblem } from "@/api/problem";
import type { FormulaPreview } from "@/api/generated/schema";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { formula } from "@/words/formula";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { Figures } from "./figures";
import { usePrice, useSave } from "./queries";
import { rulesOf } from "./rules";
import type { Rule } from "./rules";

type Demand = 1 | 2 | 3;

export function Price({ list, isDraft }: { list: readonly Rule[]; isDraft: boolean }) {
  const words = useWords(formula);
  const tell = useTold();
  const price = usePrice();
  const [demand, setDemand] = useState<Demand>(1);
  const [samples, setSamples] = useState("");
  const [seen, setSeen] = useState<{ preview: FormulaPreview; of: readonly Rule[] }>();
  const skus = samples.split(/[\s,，;；]+/).filter(Boolean).slice(0, 20);
  const look = () => price.mutate({ rules: rulesOf(list), demand, skus }, { onSuccess: (preview) => setSeen({ preview, of: list }), onError: tell.failed });
  const isSeen = seen !== undefined && seen.of === list;
  return (
    <section className="card">
      <h2>{words.look}</h2>
      <div className="body stack">
        <div className="filters">
          <span className="dim">{words.demand}</span>
          <Segmented<Demand> value={demand} options={([1, 2, 3] as const).map((n) => ({ value: n, label: words.times(n) }))} onChange={setDemand} />
          <Input className="mono" value={samples} placeholder={words.samples} aria-label={words.samples} maxLength={2_000} style={{ maxWidth: "28rem" }} onChange={(event) => setSamples(event.target.value)} />
          <Button type={isSeen ? "default" : "primary"} loading={price.isPending} onClick={look}>{words.look}</Button>
        </div>
        {isSeen ? <Figures preview={seen.preview} /> : null}
        {isDraft ? <Save seen={isSeen ? seen.preview : undefined} list={list} onStale={() => setSeen(undefined)} /> : null}
      </div>
    </section>
  );
}

function Save({ seen, list, onStale }: { seen: FormulaPreview | undefined; list: readonly Rule[]; onStale: () => void }) {
  const words = useWords(formula);
  const common = useWords(shared);
  const may = useMay();
  const tell = useTold();
  const save = useSave();
  const [reason, setReason] = useState("");
  if (!may("admin")) return <p className="dim">{words.notYours}</p>;
  const isReady = seen !== undefined && reason.trim().length >= 4;
  const go = () => {
    if (!seen) return;
    save.mutate({ rules: rulesOf(list), version: seen.version, token: seen.token, reason: reason.trim() }, {
      onSuccess: (done) => tell.done(words.saved(done.version)),
      onError: (error) => {
        if (["preview_stale", "blueprint_moved"].includes(asProblem(error).code)) { tell.warn(words.stale); onStale(); } else tell.failed(error);
      },
    });
  };
  return (
    <div className="stack">
      <Input value={reason} placeholder={common.reasonNeeded} aria-label={common.reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      <div className="do">
        <Button type="primary" disabled={!isReady} loading={save.isPending} onClick={go}>{words.save}</Button>
        {seen ? null : <span className="dim">{words.seeFirst}</span>}
      </div>
    </div>
  );
}
