/** How an account was tried: each check with its time, what to do, and which field to mend where. */
import type { AccountExamined } from "@/api/generated/schema";
import { Tag } from "@/shared/cells";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { connections } from "@/words/connections";

export function Checks({ found }: { found: AccountExamined }) {
  const words = useWords(connections);
  const language = useLanguage();
  return (
    <div className="stack">
      <ul className="checks">
        {found.checks.map((one) => (
          <li key={one.name}>
            <Tag text={one.is_well ? words.isWell : words.isNot} tone={one.is_well ? "good" : one.was_skipped ? "" : "bad"} />
            <span className="strong">{one.title[language]}</span>
            <span className="soft grow">{one.was_skipped ? words.skipped : said(one.message, language)}</span>
            <span className="figure dim">{one.was_skipped ? "" : words.ms(one.milliseconds)}</span>
          </li>
        ))}
      </ul>
      {found.advice ? <p><b>{words.advice}</b> {found.advice[language]}</p> : null}
      {found.fields.length > 0 ? (
        <dl className="kv">
          {found.fields.map((one) => (
            <div key={one.name} className="pair"><dt>{one.title[language]}</dt><dd>{one.help ? one.help[language] : words.fieldsToMend}</dd></div>
          ))}
        </dl>
      ) : null}
    </div>
  );
}

/** What the server says of a check comes with either mark between the languages. */
function said(text: string, language: "zh" | "en"): string {
  return oneLanguage(text.replace(" / ", " | "), language);
}
