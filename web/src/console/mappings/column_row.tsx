/** One field of the order and the file's column that it comes from. */
import { Select } from "antd";
import { Tag } from "@/shared/cells";
import type { Suggestion, Target } from "@/api/generated/schema";
import { useLanguage, useWords } from "@/words/language";
import { mappings } from "@/words/mappings";

interface Props {
  target: Target;
  found: { name: string; isOwn: boolean } | undefined;
  names: readonly string[];
  suggestion: Suggestion | undefined;
  isActive: boolean;
  onColumn: (name: string | undefined) => void;
  onActive: () => void;
}

export function ColumnRow({ target, found, names, suggestion, isActive, onColumn, onActive }: Props) {
  const words = useWords(mappings);
  const language = useLanguage();
  const isGhost = found === undefined && suggestion !== undefined;
  const isNeeded = target.is_required && found === undefined;
  const isKnown = found !== undefined && !found.isOwn;
  const tags = [...(isNeeded ? [words.needed] : []), ...(isKnown ? [words.columnsKnown] : [])];
  return (
    <li className={`target column ${isActive ? "on" : ""}`}>
      <button type="button" className="bare name" aria-label={[words.join, target.title[language], ...tags].join(" ")} aria-pressed={isActive} onClick={onActive}>
        <b className="cut">{target.title[language]}</b>{" "}
        {isNeeded ? <Tag text={words.needed} tone="warn" /> : null}{" "}
        {isKnown ? <Tag text={words.columnsKnown} tone="good" /> : null}
      </button>
      <Select
        size="small" showSearch allowClear={found?.isOwn ?? false} virtual={names.length > 200} aria-label={`${words.path} ${target.title[language]}`} value={found?.name ?? null}
        placeholder={isGhost ? words.suggestion(suggestion.path) : words.path} title={isGhost ? suggestion.reasons.map((one) => one[language]).join(" · ") : ""}
        options={names.map((name) => ({ value: name, label: name }))} onFocus={onActive} onChange={(name: string | undefined) => onColumn(name)}
        onInputKeyDown={(event) => {
          if (event.key === "Tab" && !event.shiftKey && isGhost) {
            event.preventDefault();
            onColumn(suggestion.path);
          }
        }}
      />
    </li>
  );
}
