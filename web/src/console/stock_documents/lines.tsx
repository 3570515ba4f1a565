/** The lines of a document, by its kind: what moves, what was counted, what came. */
import type { DocumentLineView, StockDocumentView } from "@/api/generated/schema";
import { Tag } from "@/shared/cells";
import { count } from "@/shared/money";
import { useWords } from "@/words/language";
import { documents } from "@/words/stock_documents";
import type { DocumentWords } from "@/words/stock_documents";
import { person } from "./columns";

interface Cell {
  title: string;
  isNumber: boolean;
  of: (line: DocumentLineView) => React.ReactNode;
}

function signed(units: number | null | undefined): string {
  if (units === null || units === undefined) return "";
  return units > 0 ? `+${count(units)}` : count(units);
}

function asked(line: DocumentLineView, words: DocumentWords) {
  if (line.asks === "count") return <Tag text={words.askCount} tone="brand" />;
  return line.asks === "recount" ? <Tag text={words.askRecount} tone="warn" /> : <Tag text={words.done} tone="good" />;
}

function cells({ kind, state: step }: StockDocumentView, words: DocumentWords): Cell[] {
  const isBlind = step === "counting" || step === "draft";
  const number = (title: string, of: (line: DocumentLineView) => React.ReactNode): Cell => ({ title, of, isNumber: true });
  if (kind === "count") {
    const state: Cell = { title: words.state, isNumber: false, of: (line) => asked(line, words) };
    if (isBlind) return [state];
    return [
      state,
      number(words.differs, (line) => <b className={line.units_differ ? "bad" : ""}>{signed(line.units_differ)}</b>),
      { title: words.counts, isNumber: false, of: (line) => line.counts.map((one, at) => <div key={at} className="soft">{words.counted(person(one.by), count(one.units), count(one.book))}</div>) },
    ];
  }
  const units = number(words.quantity, (line) => <>{kind === "adjustment" ? signed(line.quantity) : count(line.quantity)} {line.is_frozen ? <Tag text={words.frozen} /> : null}</>);
  if (kind !== "transfer") return [units];
  return [units, number(words.received, (line) => count(line.received)), number(words.found, (line) => count(line.found)), number(words.lost, (line) => count(line.lost)), number(words.rest, (line) => <b className={line.rest > 0 ? "warn" : ""}>{count(line.rest)}</b>)];
}

export function LinesTable({ document }: { document: StockDocumentView }) {
  const words = useWords(documents);
  const drawn = cells(document, words);
  return (
    <table className="plain">
      <thead><tr><th scope="col">{words.sku}</th><th scope="col">{words.name}</th><th scope="col">{words.warehouse}</th>{drawn.map((one) => <th key={one.title} scope="col" className={one.isNumber ? "num" : ""}>{one.title}</th>)}</tr></thead>
      <tbody>
        {document.lines.map((line) => (
          <tr key={line.no}>
            <td className="mono">{line.sku}</td><td>{line.name}</td><td>{line.warehouse}</td>
            {drawn.map((one) => <td key={one.title} className={one.isNumber ? "num" : ""}>{one.of(line)}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
