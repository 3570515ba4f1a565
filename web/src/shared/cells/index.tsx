/** How the things of an order look in a row, a card and a page: one recipe each, and no page formats by itself. */
import { useState } from "react";
import { Tooltip } from "antd";
import { Copy } from "lucide-react";
import { amount, money } from "@/shared/money";
import { limitText, pressure } from "@/shared/limit";
import { useNow } from "@/shared/clock";
import { useTitles } from "@/shared/titles";
import { when, whenExact, whenTitle } from "@/shared/when";
import { useLanguage, useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { Glyph } from "./glyph";

/** The phase as a pill: glyph and word, in the phase's colour. */
export function Phase({ phase }: { phase: string }) {
  const title = useTitles();
  return (
    <span className={`ph ${phase}`}>
      <Glyph phase={phase} />
      {title("phases", phase)}
    </span>
  );
}

/** One letter or sign for a channel, with its name in the title. */
export function ChannelTile({ channel }: { channel: string }) {
  const title = useTitles()("connectors", channel);
  return (
    <span className="ch" title={title} aria-label={title}>
      {[...title][0]}
    </span>
  );
}

export function OrderNumber({ number, channel }: { number: string; channel?: string | undefined }) {
  return (
    <span className="line">
      {channel === undefined ? null : <ChannelTile channel={channel} />}
      <span className="mono cut" title={number}>{number}</span>
    </span>
  );
}

export function Money({ minor, currency, isBare = false }: { minor: number | null | undefined; currency: string; isBare?: boolean }) {
  const words = useWords(shared);
  if (minor === null || minor === undefined) return <span className="dim" title={words.masked}>{words.none}</span>;
  return <span className="figure">{isBare ? amount(minor, currency) : money(minor, currency)}</span>;
}

/** An instant, short; its title is the exact one. */
export function When({ at, isExact = false }: { at: string | null | undefined; isExact?: boolean }) {
  const language = useLanguage();
  const now = useNow();
  if (!at) return null;
  return (
    <time dateTime={at} title={whenTitle(at)}>
      {isExact ? whenExact(at, language, new Date(now)) : when(at, language, new Date(now))}
    </time>
  );
}

const NEAR_MS = 7 * 60_000;

/** What is left until a limit, in words and weight; nothing where there is none. */
export function Limit({ due, began }: { due: string | null | undefined; began?: string | null | undefined }) {
  const language = useLanguage();
  const minute = useNow();
  const isNear = due ? Math.abs(Date.parse(due) - minute) < NEAR_MS : false;
  const now = useNow(isNear ? "second" : "minute");
  if (!due) return null;
  const at = Date.parse(due);
  const look = { calm: "soft", soon: "warn", now: "bad strong" }[pressure(at, began ? Date.parse(began) : undefined, now)];
  return (
    <time className={`figure ${look}`} dateTime={due} title={whenTitle(due)}>
      {limitText(at, now, language)}
    </time>
  );
}

export function Tag({ text, tone = "", title }: { text: string; tone?: "" | "warn" | "bad" | "good" | "brand" | "held"; title?: string }) {
  return <span className={`tag ${tone}`} title={title}>{text}</span>;
}

const TAG_TONES: Record<string, "" | "warn" | "bad" | "good" | "brand" | "held"> = { teal: "brand", amber: "warn", red: "bad", green: "good", violet: "held", magenta: "held", blue: "brand" };

/** Words of people's own on an order, in their colours. */
export function Tags({ tags }: { tags: readonly { name: string; colour: string }[] }) {
  return <span className="line" title={tags.map((tag) => tag.name).join(" ")}>{tags.map((tag) => <Tag key={tag.name} text={tag.name} tone={TAG_TONES[tag.colour] ?? ""} />)}</span>;
}

/** Text of one line that is cut at its end; the whole of it is in the title. */
export function Cut({ text, className = "" }: { text: string; className?: string }) {
  return <span className={`cut ${className}`} title={text}>{text}</span>;
}

/** A masked receiver and where it goes; a list never shows it in clear. */
export function Receiver({ name, city }: { name: string; city: string }) {
  return (
    <span className="cut" title={`${name} ${city}`}>
      {name} <span className="dim">{city}</span>
    </span>
  );
}

/** A button that copies a text and says so. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const words = useWords(shared);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    window.setTimeout(() => setCopied(false), 2000);
  };
  return (
    <Tooltip title={isCopied ? words.copied : (label ?? words.copy)}>
      <button type="button" className="bare" aria-label={label ?? words.copy} onClick={() => void copy()}>
        <Copy aria-hidden="true" />
      </button>
    </Tooltip>
  );
}
