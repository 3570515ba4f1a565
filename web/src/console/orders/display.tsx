/** Which columns are shown, in which order, and how dense the rows are. */
import { Button, Checkbox, Popover, Radio } from "antd";
import { ArrowDown, ArrowUp, Columns3 } from "lucide-react";
import { habits, useHabit } from "@/shell/habits";
import { useMe } from "@/shell/me";
import { useLanguage, useWords } from "@/words/language";
import { orders } from "@/words/orders";
import type { ColumnName } from "./columns";
import { seen, usual } from "./columns";

export function Display({ names, onNames }: { names: readonly ColumnName[]; onNames: (names: readonly ColumnName[]) => void }) {
  const words = useWords(orders);
  const density = useHabit("density");
  const me = useMe();
  const language = useLanguage();
  const move = (name: ColumnName, step: number) => {
    const at = names.indexOf(name);
    const to = at + step;
    if (to < 0 || to >= names.length) return;
    const moved = names.filter((one) => one !== name);
    onNames(moved.toSpliced(to, 0, name));
  };
  const toggle = (name: ColumnName) => onNames(names.includes(name) ? names.filter((one) => one !== name) : [...names, name]);
  const content = (
    <div className="stack display">
      <Radio.Group size="small" aria-label={words.density} value={density} onChange={(event) => habits.set("density", event.target.value as "compact")} options={(["comfortable", "compact", "dense"] as const).map((value) => ({ value, label: words[value] }))} optionType="button" />
      <ul className="stack">
        {[...names, ...seen(me).filter((name) => !names.includes(name))].map((name) => (
          <li key={name} className="line">
            <Checkbox checked={names.includes(name)} disabled={name === "number"} onChange={() => toggle(name)}>{words[name]}</Checkbox>
            <span className="grow" />
            {names.includes(name) ? <><button type="button" className="bare" aria-label={`${words.up} ${words[name]}`} onClick={() => move(name, -1)}><ArrowUp aria-hidden="true" /></button><button type="button" className="bare" aria-label={`${words.down} ${words[name]}`} onClick={() => move(name, 1)}><ArrowDown aria-hidden="true" /></button></> : null}
          </li>
        ))}
      </ul>
      <Button size="small" onClick={() => onNames(usual(me, language))}>{words.reset}</Button>
    </div>
  );
  return <Popover trigger="click" placement="bottomRight" content={content}><Button type="text" size="small" className="only-wide" icon={<Columns3 aria-hidden="true" />}>{words.display}</Button></Popover>;
}
