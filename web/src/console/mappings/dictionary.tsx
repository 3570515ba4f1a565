/** Status words: what a platform's words mean, and words added for one account. */
import { useState } from "react";
import { App, Button, Input, Select } from "antd";
import { asProblem } from "@/api/problem";
import type { TopicMapping } from "@/api/generated/schema";
import { Tag } from "@/shared/cells";
import { useMay } from "@/shell/me";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { mappings } from "@/words/mappings";
import { Versions } from "./publish";
import { useMapWord } from "./queries";
import type { Where } from "./queries";

type Meaning = Record<string, unknown>;

export function Dictionary({ where, view, onReload }: { where: Where; view: TopicMapping; onReload: () => void }) {
  const words = useWords(mappings);
  const may = useMay()("accounts:write");
  const added = view.in_force?.words ?? {};
  const dictionaries = view.dictionaries as Record<string, Record<string, Meaning>>;
  return (
    <div className="two">
      <section className="card pad stack">
        <p className="dim">{words.wordsMeans}</p>
        {Object.entries(dictionaries).map(([name, entries]) => (
          <div key={name}>
            <h3 className="mono">{name}</h3>
            <table className="plain">
              <tbody>
                {Object.entries({ ...entries, ...added[name] }).map(([word, meaning]) => (
                  <tr key={word}><td className="mono">{word} {added[name]?.[word] ? <Tag text={words.addWord} tone="brand" /> : null}</td><td>{told(meaning)}</td></tr>
                ))}
              </tbody>
            </table>
          </div>
        ))}
      </section>
      <div className="stack">
        {may ? <Add where={where} dictionaries={dictionaries} onAdded={onReload} /> : null}
        <section className="card pad"><Versions where={where} view={view} mayWrite={may} onBack={onReload} /></section>
      </div>
    </div>
  );
}

function told(meaning: Meaning): string {
  return Object.entries(meaning).filter(([, value]) => value !== "" && value !== false).map(([key, value]) => (value === true ? key : `${key}: ${String(value)}`)).join(" · ");
}

/** The words that a key takes, as the dictionaries use them. */
function seen(dictionaries: Record<string, Record<string, Meaning>>, key: string): string[] {
  const all = Object.values(dictionaries).flatMap((one) => Object.values(one)).map((one) => one[key]);
  return [...new Set(all.filter((one): one is string => typeof one === "string" && one !== ""))].toSorted();
}

function Add({ where, dictionaries, onAdded }: { where: Where; dictionaries: Record<string, Record<string, Meaning>>; onAdded: () => void }) {
  const words = useWords(mappings);
  const language = useLanguage();
  const { message } = App.useApp();
  const names = Object.keys(dictionaries);
  const [wish, setWish] = useState({ dictionary: names[0] ?? "", word: "", milestone: "", payment: "", reason: "" });
  const map = useMapWord(where);
  const put = (change: Partial<typeof wish>) => setWish({ ...wish, ...change });
  const meaning = Object.fromEntries(Object.entries({ milestone: wish.milestone, payment: wish.payment }).filter(([, value]) => value !== ""));
  const go = () => map.mutate({ dictionary: wish.dictionary, word: wish.word.trim(), meaning, reason: wish.reason }, {
    onSuccess: (done) => { setWish({ ...wish, word: "", reason: "" }); void message.success(words.published(done.version)); onAdded(); },
  });
  const options = (key: string) => [{ value: "", label: words.none }, ...seen(dictionaries, key).map((one) => ({ value: one, label: one }))];
  return (
    <section className="card pad stack">
      <h2>{words.addWord}</h2>
      <Select aria-label={words.dictionary} value={wish.dictionary} options={names.map((one) => ({ value: one, label: one }))} onChange={(dictionary) => put({ dictionary })} />
      <Input className="mono" aria-label={words.word} placeholder={words.word} value={wish.word} onChange={(event) => put({ word: event.target.value })} />
      <label className="field"><span className="label">{words.milestone}</span><Select value={wish.milestone} options={options("milestone")} onChange={(milestone) => put({ milestone })} /></label>
      <label className="field"><span className="label">{words.payment}</span><Select value={wish.payment} options={options("payment")} onChange={(payment) => put({ payment })} /></label>
      <Input aria-label={words.reason} placeholder={`${words.reason}：${words.reasonHelp}`} value={wish.reason} onChange={(event) => put({ reason: event.target.value })} />
      {map.error ? <p role="alert" className="bad">{oneLanguage(asProblem(map.error).detail, language)}</p> : null}
      <div className="do"><Button type="primary" loading={map.isPending} disabled={!wish.word.trim() || wish.reason.trim().length < 4} onClick={go}>{words.addWord}</Button></div>
    </section>
  );
}
