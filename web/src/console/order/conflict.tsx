/** Somebody was faster: mine, theirs and what is there now, side by side. What was typed stays. */
import { Button } from "antd";
import type { EventView, OrderDetail } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { actor, happened } from "@/shared/happened";
import { useLanguage, useWords } from "@/words/language";
import { order as bilingual } from "@/words/order";
import type { OrderWords } from "@/words/order";
import { named } from "./facts";

interface ConflictProps {
  since: readonly EventView[];
  /** What the user wants, and what is there now: each in one line. */
  mine: string;
  there: string;
  found: OrderDetail;
  onKeep: () => void;
  onDrop: () => void;
}

export function Conflict({ since, mine, there, found, onKeep, onDrop }: ConflictProps) {
  const words = useWords(bilingual) as OrderWords;
  const language = useLanguage();
  return (
    <div className="alert warn order-conflict" role="alert">
      <div className="stack">
        <h2>{words.changedTitle}</h2>
        <p>{words.nothingLost}</p>
        <dl className="kv">
          <dt>{words.theirs}</dt><dd>{since.map((one) => <div key={one.seq}><When at={one.at} /> <b>{actor(one.actor, words)}</b> {happened(one, named(found, language), words)}</div>)}</dd>
          {mine ? <><dt>{words.mine}</dt><dd>{mine}</dd></> : null}
          <dt>{words.now}</dt><dd>{there}</dd>
        </dl>
        <div className="do"><Button type="primary" onClick={onKeep}>{words.again}</Button><Button onClick={onDrop}>{words.keepTheirs}</Button></div>
      </div>
    </div>
  );
}
