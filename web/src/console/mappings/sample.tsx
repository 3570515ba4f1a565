/** The left side: a sample as a tree of places, with kinds, examples and bytes; one is picked to be joined. */
import { useState } from "react";
import { Button, Input, Select, Upload } from "antd";
import type { PayloadPlace, SampleLooked, TopicMapping } from "@/api/generated/schema";
import { Failed, Loading } from "@/shared/states";
import { useTold } from "@/shared/told";
import { when } from "@/shared/when";
import { useLanguage, useWords } from "@/words/language";
import { mappings } from "@/words/mappings";
import { useUpload } from "./queries";
import type { Where } from "./queries";

const SHOWN_MAX = 600;

interface Props {
  where: Where;
  view: TopicMapping;
  sample: string | undefined;
  /** Whoever may not only sees. */
  mayWrite: boolean;
  query: { data: SampleLooked | undefined; error: unknown; isLoading: boolean };
  picked: string | undefined;
  used: ReadonlySet<string>;
  onChoose: (sample: string) => void;
  onPick: (path: string) => void;
}

export function Sample({ where, view, sample, mayWrite, query, picked, used, onChoose, onPick }: Props) {
  const words = useWords(mappings);
  const language = useLanguage();
  const [sought, setSought] = useState("");
  const options = [
    ...(view.upload ? [{ value: "upload", label: view.upload }] : []),
    ...view.samples.map((one) => ({ value: one.id, label: `${when(one.received_at, language)} · ${one.topic} · ${words.bytes(one.body_size)}` })),
  ];
  return (
    <section className="pane" aria-label={words.sample}>
      <header className="pane-head">
        <Select className="grow" size="small" aria-label={words.lastMessages} value={sample ?? null} placeholder={words.sample} options={options} onChange={onChoose} />
        {mayWrite ? <Bring where={where} onBrought={() => onChoose("upload")} /> : null}
      </header>
      {sample === undefined ? <p className="dim pad">{words.noSample}</p> : null}
      {query.isLoading ? <Loading /> : null}
      {query.error ? <Failed error={query.error} /> : null}
      {query.data ? (
        <>
          <Input size="small" allowClear value={sought} aria-label={words.findPlace} placeholder={words.findPlace} onChange={(event) => setSought(event.target.value)} />
          {query.data.unfit ? <p role="alert" className="bad">{query.data.unfit}</p> : null}
          <Tree places={query.data.places} sought={sought} picked={picked} used={used} mayPick={mayWrite} onPick={onPick} />
        </>
      ) : null}
    </section>
  );
}

function Bring({ where, onBrought }: { where: Where; onBrought: () => void }) {
  const words = useWords(mappings);
  const told = useTold();
  const upload = useUpload(where);
  return (
    <Upload showUploadList={false} beforeUpload={(file) => { upload.mutate(file, { onSuccess: onBrought, onError: told.failed }); return false; }}>
      <Button size="small" loading={upload.isPending}>{words.upload}</Button>
    </Upload>
  );
}

interface TreeProps {
  places: readonly PayloadPlace[];
  sought: string;
  picked: string | undefined;
  used: ReadonlySet<string>;
  mayPick: boolean;
  onPick: (path: string) => void;
}

function Tree({ places, sought, picked, used, mayPick, onPick }: TreeProps) {
  const words = useWords(mappings);
  const text = sought.trim().toLowerCase();
  const found = places.filter((one) => text === "" || `${one.path} ${one.shown ?? ""}`.toLowerCase().includes(text)).slice(0, SHOWN_MAX);
  return (
    <ul className="tree">
      {found.map((one) => {
        const isLeaf = !one.has_inner;
        const kind = (one.looks_like || one.kind) as keyof typeof words;
        return (
          <li key={one.path} style={{ paddingInlineStart: `calc(var(--s3) * ${text ? 0 : one.depth})` }}>
            <button
              type="button" disabled={!isLeaf || !mayPick} aria-pressed={picked === one.path} title={one.path}
              className={`place ${picked === one.path ? "on" : ""} ${used.has(one.path) ? "used" : ""}`} onClick={() => onPick(one.path)}
            >
              <span className="mono cut">{text ? one.path : one.name}</span>
              <span className="dim cut grow">{one.shown}</span>
              <span className="dim kind">{words[kind] as string}{one.count > 1 ? ` ${words.times(one.count)}` : ""}</span>
              <span className="figure dim">{words.bytes(one.bytes)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
