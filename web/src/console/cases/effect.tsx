/** What a mend would change, and the bar that does just that: nothing is done whose preview was not on screen. */
import { useState } from "react";
import { Button } from "antd";
import type { MendPreview } from "@/api/generated/schema";
import { asProblem } from "@/api/problem";
import { Cut, Money, Phase, Tag, When } from "@/shared/cells";
import { Failed, Loading } from "@/shared/states";
import { useTitles } from "@/shared/titles";
import { useNow } from "@/shared/clock";
import { when } from "@/shared/when";
import { useKeys } from "@/shell/keys";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { cases } from "@/words/cases";
import type { MendRequest } from "@/api/generated/schema";
import type { Here } from "./queries";
import { useMend, usePreview } from "./queries";

const OLD_MS = 60_000;
const FIRST = 6;

interface EffectProps {
  id: string;
  mend: Here;
  wish: MendRequest;
  name: string;
  means?: string;
  /** The same without taking through again what waits. */
  also?: { text: string; wish: MendRequest };
  onDone: (released: number) => void;
}

export function Effect({ id, mend, wish, name, means = "", also, onDone }: EffectProps) {
  const words = useWords(cases);
  const language = useLanguage();
  const query = usePreview(id, mend, wish);
  const done = useMend(id, mend);
  const now = useNow("second");
  const [stale, setStale] = useState(false);
  const preview = query.data;
  const isOld = query.dataUpdatedAt > 0 && now - query.dataUpdatedAt > OLD_MS;
  // A promise outlives this part of the page, which goes as soon as others hear that the case is mended.
  const send = async (wished: MendRequest) => onDone((await done.mutateAsync(wished)).released);
  const commit = async () => {
    if (!preview || done.isPending) return;
    const fresh = isOld ? (await query.refetch()).data : preview;
    if (!fresh || fresh.token !== preview.token) return setStale(true);
    setStale(false);
    send({ ...wish, token: fresh.token }).catch((error: unknown) => {
      if (asProblem(error).code !== "preview_stale") return;
      setStale(true);
      void query.refetch();
    });
  };
  useKeys({ commit: () => void commit() });
  if (query.error) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  if (!preview) return <Loading rows={4} />;
  const failed = done.error && asProblem(done.error).code !== "preview_stale" ? oneLanguage(asProblem(done.error).detail, language) : "";
  return (
    <>
      <header className="effect-head"><h2>{words.preview}</h2><small className="dim">{words.previewNothing} · {words.asOf(when(preview.as_of, language))}</small><span className="grow" /><Button type="link" loading={query.isFetching} onClick={() => void query.refetch()}>{words.recount}</Button></header>
      {stale ? <p className="alert warn" role="alert">{words.stale}</p> : null}
      <Told preview={preview} />
      {failed ? <p className="alert bad" role="alert">{failed}</p> : null}
      <footer className="confirm">
        <div className="grow"><b>{words.commit(name, preview.messages)}</b>{means ? <p className="soft">{means}</p> : null}</div>
        {also ? <Button disabled={done.isPending} onClick={() => send(also.wish).catch(() => undefined)}>{also.text}</Button> : null}
        <Button type="primary" loading={done.isPending} disabled={query.isFetching} onClick={() => void commit()}>{mend === "alias" ? words.commitAlias(preview.messages) : words.commit(name, preview.messages)}</Button>
      </footer>
    </>
  );
}

/** The counts, and a row for each of what waits; what still fails stands first. */
export function Told({ preview }: { preview: MendPreview }) {
  return <><Counts preview={preview} /><Rows preview={preview} /></>;
}

function Counts({ preview }: { preview: MendPreview }) {
  const words = useWords(cases);
  const counts = preview.counts as Record<string, number>;
  const told = [["goes_on", words.goesOn, "good"], ["held", words.held, "warn"], ["unchanged", words.unchanged, ""], ["refused", words.refused, "bad"]] as const;
  return (
    <div className="counts">
      {told.filter(([key]) => (counts[key] ?? 0) > 0 || key === "goes_on").map(([key, text, tone]) => <div key={key}><span className={`big ${tone}`}>{counts[key] ?? 0}</span> {text}</div>)}
      {preview.stock.slice(0, 3).map((one) => <div key={one.sku + one.warehouse}><span className={`big ${one.after < 0 ? "bad" : ""}`}>{one.after < one.before ? `−${one.before - one.after}` : `+${one.after - one.before}`}</span> {words.stock(one.sku)} {one.before} → {one.after}<span className="block dim">{one.warehouse}</span></div>)}
    </div>
  );
}

function Rows({ preview }: { preview: MendPreview }) {
  const words = useWords(cases);
  const title = useTitles();
  const language = useLanguage();
  const [shows, setShows] = useState<"first" | "all" | "held">("first");
  const told = new Map(preview.told.map((one) => [one.ref, one]));
  const rows = preview.rows.filter((row) => shows !== "held" || row.outcome === "held" || row.outcome === "refused");
  const shown = shows === "first" ? rows.slice(0, FIRST) : rows;
  const stuck = preview.rows.filter((row) => row.outcome === "held" || row.outcome === "refused").length;
  const state = (name: string) => (name === "parked" || name === "discarded" || name === "due" || name === "given_up" || name === "normalised" ? <Tag text={name === "parked" ? words.parked : name === "discarded" ? words.discard : name === "due" ? words.resend : name === "given_up" ? words.give_up : words.unchanged} /> : <Phase phase={name} />);
  return (
    <>
      {preview.same_change.map((one) => <p key={one.field} className="body">{words.same(preview.messages)}<span className="dim">{one.field}</span> <del className="mono">{one.from ?? ""}</del> → <ins className="mono">{one.to ?? ""}</ins></p>)}
      <div className="wide">
        <table className="plain">
          <thead><tr><th scope="col">{words.ref}</th><th scope="col">{words.ref === "" ? "" : words.change}</th><th scope="col">{words.goods}</th><th scope="col" className="num">{words.paid}</th><th scope="col">{words.warehouse}</th><th scope="col">{words.why}</th></tr></thead>
          <tbody>
            {shown.map((row) => {
              const one = told.get(row.ref);
              return (
                <tr key={row.ref}>
                  <td><span className="mono">{row.ref}</span> {one ? <span className="dim"><When at={one.received_at} /></span> : null}</td>
                  <td><span className="line">{state(row.from)} → {state(row.to)}{one?.stage ? <span className="dim">{title("stages", one.stage)}</span> : null}</span></td>
                  <td>{one?.goods.map((line) => <span key={line.sku} className="block"><Cut text={line.title || line.sku} /> × {line.quantity}</span>)}</td>
                  <td className="num">{one?.currency ? <Money minor={one.paid} currency={one.currency} /> : null}</td>
                  <td>{one?.warehouse}</td>
                  <td className="warn">{row.why ? row.why[language] || title("holds", row.why.code) : null}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p className="body dim">{preview.is_cut ? `${words.cut(preview.messages)} · ` : ""}{words.showing(shown.length, preview.rows.length)} {shows === "first" && preview.rows.length > FIRST ? <Button type="link" onClick={() => setShows("all")}>{words.seeAll}</Button> : null}{stuck > 0 && stuck < preview.rows.length ? <Button type="link" onClick={() => setShows("held")}>{words.onlyHeld} {stuck}</Button> : null}</p>
    </>
  );
}
