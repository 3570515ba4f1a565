/** What a file says before it is taken: how its headings are read, and the rows to mend by its own headings. */
import { Select } from "antd";
import type { TablePreview } from "@/api/generated/schema";
import { useLanguage, useWords } from "@/words/language";
import { importGoods } from "@/words/import_goods";

export function Headings({ preview, chosen, onChoose }: { preview: TablePreview; chosen: Record<string, string>; onChoose: (columns: Record<string, string>) => void }) {
  const words = useWords(importGoods);
  const language = useLanguage();
  const options = [{ value: "", label: words.unread }, ...preview.columns.map((one) => ({ value: one.name, label: one.words[language] }))];
  const all = Object.fromEntries(preview.headings.filter((one) => one.heading !== "").map((one) => [one.heading, one.column]));
  return (
    <details open={Object.keys(chosen).length > 0 || preview.headings.some((one) => one.column === "")}>
      <summary>{words.headings}</summary>
      <table className="plain">
        <thead><tr><th scope="col">{words.heading}</th><th scope="col">{words.column}</th></tr></thead>
        <tbody>
          {preview.headings.map((one, at) => (
            <tr key={`${at} ${one.heading}`}>
              <td>{one.heading} {one.is_twice ? <span className="warn">{words.twice}</span> : null}</td>
              <td><Select size="small" value={one.column} options={options} aria-label={`${words.column} ${one.heading}`} style={{ minWidth: "11rem" }} onChange={(column) => onChoose({ ...all, ...chosen, [one.heading]: column })} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export function Mistakes({ preview }: { preview: TablePreview }) {
  const words = useWords(importGoods);
  const language = useLanguage();
  return (
    <>
      <h3>{words.mistakes}</h3>
      <div className="scrolls">
        <table className="plain">
          <thead><tr><th scope="col" className="num">{words.line}</th><th scope="col">{words.heading}</th><th scope="col">{words.value}</th><th scope="col">{words.mend}</th></tr></thead>
          <tbody>
            {preview.mistakes.map((one) => (
              <tr key={`${one.line} ${one.column} ${one.value}`}><td className="num">{one.line}</td><td>{one.heading || one.column}</td><td className="mono">{one.value}</td><td>{one[language]}</td></tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
