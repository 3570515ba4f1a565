/** What a scan came to, in words: the strip under the count, and the whole screen in red. */
import { useWords } from "@/words/language";
import { terminal as said } from "@/words/terminal";
import { Glyph } from "./glyph";
import type { Outcome } from "./terminal";
import type { Judged } from "./verdict";

type Words = (typeof said)["zh"] | (typeof said)["en"];

/** Why, in one sentence. */
export function whyOf({ reason, particulars }: Judged, words: Words): string {
  if (reason === "of_another") return words.why_of_another(particulars["work"] ?? "", particulars["slot"] ?? "0");
  if (reason === "weight_off") return words.why_weight_off(particulars["weighed"] ?? "", particulars["wanted"] ?? "", particulars["band"] ?? "");
  if (reason === "lacks") return words.why_lacks(particulars["lacks"] ?? "");
  const found = Object.entries(words).find(([key]) => key === `why_${reason}`)?.[1];
  const elsewhere = particulars["elsewhere"];
  if (typeof found === "string" && elsewhere && reason !== "refetched") return `${found}${words.elsewhere_place(elsewhere)}`;
  return typeof found === "string" ? found : words.why_other(reason);
}

/** The last scan that counted: hollow until the hub has said so. */
export function Told({ last, text }: { last: Outcome | null; text: string }) {
  const words = useWords(said);
  if (!last) return null;
  const { verdict, reason, particulars } = last.judged;
  if (verdict === "late") return <div className="told amber" role="status">{words.late(particulars["put_back"] ?? "1")}</div>;
  if (verdict !== "right") return <div className="told amber" role="status">{whyOf(last.judged, words)}</div>;
  const isAsked = last.isHollow && last.action !== "picked";
  const right = reason === "box_closed" ? words.boxDone : reason === "undone" ? words.undone : text;
  return (
    <div className={last.isHollow ? "told hollow" : "told"} role="status" data-testid={last.isHollow ? "hollow" : "right"}>
      {isAsked ? null : <Glyph name="tick" />}<b>{isAsked ? words.asking : right}</b>
      <small>{last.isHollow && !isAsked ? words.kept : words.tail(last.code.slice(-4))}</small>
    </div>
  );
}

const WORDS = { wrong: "wrong", over: "over", unknown: "unknown", cancelled: "cancelled", refused: "refused", late: "over", right: "refused" } as const;

/** What the verdict is called. */
export function headOf(stop: Outcome, words: Words): string {
  return words[WORDS[stop.judged.verdict]];
}

/** Red from edge to edge: what was scanned, what is wanted, whose it is. The next right scan clears it. */
export function Stop({ stop }: { stop: Outcome }) {
  const words = useWords(said);
  const { wanted } = stop;
  const isPick = stop.action === "picked" || stop.action === "short";
  return (
    <div className="stop" role="alert" data-testid="stop">
      <span className="cross"><Glyph name="cross" /></span>
      <h1>{headOf(stop, words)}</h1>
      <p className="reason">{whyOf(stop.judged, words)}</p>
      <div className="pair"><small>{words.scanned}</small>{stop.name ? <b>{stop.name}</b> : null}<code>{stop.sku || stop.code}</code></div>
      {isPick && wanted ? (
        <>
          <div className="pair"><small>{words.wanted(wanted.place)}</small><b>{wanted.name}</b><code>{wanted.sku}</code></div>
          <p>{words.unchanged(wanted.picked, wanted.quantity - wanted.short)}</p>
        </>
      ) : null}
    </div>
  );
}
