/** Which SKU a spelling means: candidates with their reasons, how many units it is, where it holds; or a SKU that is new. */
import { useDeferredValue, useState } from "react";
import { Button, Input, InputNumber, Segmented } from "antd";
import type { Likeness, MendChoice } from "@/api/generated/schema";
import { Money, Tag } from "@/shared/cells";
import { useWords } from "@/words/language";
import { cases } from "@/words/cases";
import { Effect } from "../effect";
import { useCandidates } from "../queries";
import type { MenderProps } from "./shapes";
import { WISH } from "./shapes";

type Reach = "shop" | "connector" | "all";

export function Alias({ found, mend, isLooking, isNew, onLook, onDone }: MenderProps & { isNew: boolean }) {
  const words = useWords(cases);
  const told = mend.told as Record<string, string | number>;
  const [sku, setSku] = useState(mend.choices.find((one) => one.is_best)?.key ?? "");
  const [fresh, setFresh] = useState({ code: String(told["spelling"] ?? ""), name: "", unit: "" });
  const [factor, setFactor] = useState(1);
  const [reach, setReach] = useState<Reach>("shop");
  const wish = { ...WISH, sku: isNew ? "" : sku, new_sku: isNew ? fresh : null, factor, reach };
  const isReady = isNew ? fresh.code.trim() !== "" : sku !== "";
  const change = <T,>(set: (value: T) => void) => (value: T) => {
    set(value);
    onLook(false);
  };
  return (
    <>
      {isNew ? <NewSku fresh={fresh} onFresh={change(setFresh)} /> : <Choices id={found.id} choices={mend.choices} chosen={sku} onChoose={change(setSku)} />}
      <div className="body options">
        <label><span className="dim">{words.factor}</span><span className="line">{words.factorIs} <InputNumber min={1} max={1_000_000} value={factor} onChange={(value) => change(setFactor)(value ?? 1)} aria-label={words.factor} /></span></label>
        <div><span className="dim block">{words.reach}</span><Segmented<Reach> value={reach} onChange={change(setReach)} options={[{ value: "shop", label: words.shop(String(told["account"] ?? "")) }, { value: "connector", label: words.connector }, { value: "all", label: words.allShops }]} /></div>
        {isLooking ? null : <Button type="primary" disabled={!isReady} onClick={() => onLook(true)} className="next">{words.look} ↓</Button>}
      </div>
      {isLooking && isReady ? <Effect id={found.id} mend={isNew ? "sku" : "alias"} wish={wish} name={isNew ? words.sku : words.alias} means={words.aliasMeans} onDone={onDone} {...(isNew ? {} : { also: { text: words.onlyTeach, wish: { ...wish, is_replaying: false } } })} /> : null}
    </>
  );
}

function NewSku({ fresh, onFresh }: { fresh: { code: string; name: string; unit: string }; onFresh: (fresh: { code: string; name: string; unit: string }) => void }) {
  const words = useWords(cases);
  return (
    <div className="body options">
      <label><span className="dim block">{words.newCode}</span><Input className="mono" value={fresh.code} maxLength={200} onChange={(event) => onFresh({ ...fresh, code: event.target.value })} /></label>
      <label><span className="dim block">{words.newName}</span><Input value={fresh.name} maxLength={200} onChange={(event) => onFresh({ ...fresh, name: event.target.value })} /></label>
    </div>
  );
}

function Choices({ id, choices, chosen, onChoose }: { id: string; choices: readonly MendChoice[]; chosen: string; onChoose: (sku: string) => void }) {
  const words = useWords(cases);
  const [text, setText] = useState("");
  const asked = useDeferredValue(text.trim());
  const found = useCandidates(id, asked);
  const shown = asked === "" ? choices : (found.data?.choices ?? choices);
  return (
    <fieldset className="choices">
      <header><legend><h2>{words.which}</h2></legend><span className="grow" /><Input.Search allowClear aria-label={words.search} placeholder={words.search} value={text} onChange={(event) => setText(event.target.value)} className="choices-find" /></header>
      {shown.length === 0 ? <p className="body soft">{words.noCandidates}</p> : null}
      {shown.map((one) => (
        <label key={one.key} className={`choice ${one.key === chosen ? "on" : ""}`}>
          <input type="radio" name="sku" checked={one.key === chosen} onChange={() => onChoose(one.key)} />
          <span className="grow">
            <span className="line"><b>{one.title || one.key}</b>{one.is_best ? <Tag text={words.best} tone="brand" /> : null}</span>
            <span className="mono block dim">{one.key}</span>
            <span className="reasons">{one.reasons.map((reason) => <Reason key={reason.code} reason={reason} choice={one} />)}</span>
          </span>
          {one.available === null ? null : <span className="num"><b className="figure">{one.available}</b><span className="dim block">{words.available}</span></span>}
        </label>
      ))}
    </fieldset>
  );
}

function Reason({ reason, choice }: { reason: Likeness; choice: MendChoice }) {
  const words = useWords(cases);
  const tone = reason.is_same ? "good" : "warn";
  if (reason.code === "price") return <span className={`tag ${tone}`}>{reason.is_same ? words.price : words.priceNot}&nbsp;{choice.price === null ? null : <Money minor={choice.price} currency={choice.currency} />}</span>;
  const text = { barcode: `${reason.is_same ? words.barcode : words.barcodeNot} ${reason.told}`, known: words.known, code: words.code, title: words.like(words.titleWord, reason.percent), spelling: words.like(words.spelling, reason.percent) }[reason.code as "known"] ?? reason.code;
  return <Tag text={text} tone={tone} />;
}
