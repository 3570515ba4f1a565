/** One rule: its columns, and each row's conditions and outcomes in words. */
import type { ColumnView, TableView } from "@/api/generated/schema";
import { Tag } from "@/shared/cells";
import { useLanguage, useWords } from "@/words/language";
import { rules as text } from "@/words/rules";

export function RuleTable({ rule }: { rule: TableView }) {
  const words = useWords(text);
  const language = useLanguage();
  const head = (column: ColumnView) => `${column.title[language]}${column.type === "money" ? words.minor : ""}`;
  return (
    <section className="card" aria-label={rule.title[language]}>
      <header>
        <h2>{rule.title[language]}</h2>
        <span className="dim">{rule.hit === "first" ? words.first : words.every}</span>
        {rule.is_on ? null : <Tag text={words.off} tone="warn" />}
      </header>
      {rule.unknown_skus.length ? <p className="body warn">{words.unknown(rule.unknown_skus.join(language === "zh" ? "、" : ", "))}</p> : null}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard */}
      <div className="rule-frame" tabIndex={0} role="group" aria-label={rule.title[language]}>
        <table className="rule">
          <thead>
            <tr>
              <th scope="col">{words.row}</th>
              {rule.when.map((column) => <th key={column.name} scope="col" title={column.name}>{head(column)}</th>)}
              {rule.then.map((column) => <th key={column.name} scope="col" className="then" title={column.name}>{column.title[language]}</th>)}
            </tr>
          </thead>
          <tbody>
            {rule.rows.map((row) => (
              <tr key={row.id}>
                <th scope="row" title={row.id}>{row.title?.[language] ?? row.id}</th>
                {row.when.map((cell, index) => (
                  <td key={rule.when[index]?.name} title={cell.written}>{cell.words[language] || <span className="dim">{words.any}</span>}</td>
                ))}
                {row.then.map((value, index) => <td key={rule.then[index]?.name} className="then"><Stated value={value} /></td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** An outcome: yes and no as words, all else as it is. */
export function Stated({ value }: { value: string | number | boolean }) {
  const words = useWords(text);
  return <>{typeof value === "boolean" ? (value ? words.yes : words.no) : String(value)}</>;
}
