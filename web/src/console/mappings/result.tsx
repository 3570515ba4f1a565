/** The right side: the trial on the last messages, what is read otherwise, and publishing with a reason. */
import { useState } from "react";
import { Button } from "antd";
import type { MappingTried, TriedMessage } from "@/api/generated/schema";
import { Tag } from "@/shared/cells";
import { useLanguage, useWords } from "@/words/language";
import { mappings } from "@/words/mappings";

interface Props {
  tried: MappingTried | undefined;
  isStale: boolean;
  isBusy: boolean;
  canTry: boolean;
  onTry: () => void;
}

export function Result({ tried, isStale, isBusy, canTry, onTry }: Props) {
  const words = useWords(mappings);
  return (
    <div className="stack">
      <div className="do"><Button type={tried && !isStale ? "default" : "primary"} loading={isBusy} disabled={!canTry} onClick={onTry}>{words.trial}</Button></div>
      {tried === undefined ? <p className="dim">{words.notTried}</p> : null}
      {tried && isStale ? <p className="warn">{words.trialAgain}</p> : null}
      {tried ? <Found tried={tried} /> : null}
    </div>
  );
}

function Found({ tried }: { tried: MappingTried }) {
  const words = useWords(mappings);
  const language = useLanguage();
  const [open, setOpen] = useState<string>();
  return (
    <div className="stack" aria-live="polite">
      <p className="say"><b>{words.summary(tried.read, tried.messages)}</b></p>
      <p className="tags">
        {tried.worse > 0 ? <Tag text={words.worse(tried.worse)} tone="bad" /> : null}
        {tried.better > 0 ? <Tag text={words.better(tried.better)} tone="good" /> : null}
        {tried.changed > 0 ? <Tag text={words.changedCount(tried.changed)} tone="warn" /> : null}
        {tried.mistakes.length > 0 ? <Tag text={words.mistakes(tried.mistakes.length)} tone="bad" /> : null}
      </p>
      {tried.mistakes.map((one) => <p key={one.field + one.reason.en} className="bad">{one.title[language]}：{one.reason[language]}</p>)}
      <ul className="tried">
        {tried.rows.map((one) => <Row key={one.id} row={one} isOpen={open === one.id} onOpen={() => setOpen(open === one.id ? undefined : one.id)} />)}
      </ul>
    </div>
  );
}

function Row({ row, isOpen, onOpen }: { row: TriedMessage; isOpen: boolean; onOpen: () => void }) {
  const words = useWords(mappings);
  const language = useLanguage();
  const tone = row.after === "failed" ? "bad" : row.differences.length > 0 ? "warn" : row.after === "read" ? "good" : "";
  const text = row.after === "failed" ? words.failedTag : row.after === "read" ? words.readTag : words.nothingTag;
  const [first] = row.problems;
  const id = (row.drafts[0] as { external_id?: string } | undefined)?.external_id;
  return (
    <li>
      <button type="button" className="place" aria-expanded={isOpen} onClick={onOpen}>
        <Tag text={text} tone={tone} /><span className="mono cut">{id ?? row.name}</span>
        <span className="dim cut grow">{first ? `${first.title[language]}：${first.mend[language]}` : row.differences.map((one) => one.title[language]).join("、")}</span>
      </button>
      {isOpen ? <Whole row={row} /> : null}
    </li>
  );
}

function Whole({ row }: { row: TriedMessage }) {
  const words = useWords(mappings);
  const language = useLanguage();
  return (
    <div className="stack whole">
      {row.problems.map((one) => <p key={one.field + one.code} className="bad"><b>{one.title[language]}</b> <span className="mono">{one.value}</span> {one.mend[language]}</p>)}
      {row.differences.length > 0 ? (
        <table className="plain">
          <thead><tr><th>{words.differences}</th><th>{words.before}</th><th>{words.after}</th></tr></thead>
          <tbody>{row.differences.map((one) => <tr key={one.field}><td title={one.field}>{one.title[language]}</td><td><del>{one.before}</del></td><td><ins>{one.after}</ins></td></tr>)}</tbody>
        </table>
      ) : null}
      {row.drafts.map((one, index) => <pre key={index} className="code">{JSON.stringify(one, null, 1)}</pre>)}
    </div>
  );
}
