/** The message account in one line: what came is what is stored, and every stored message is somewhere. */
import { useState } from "react";
import type { Accounting } from "@/api/generated/schema";
import { useWords } from "@/words/language";
import { messages } from "@/words/messages";
import { Tag } from "./cells";
import { count } from "./money";
import { To } from "./to";
import "./message_account.css";

export function MessageAccount({ account: a }: { account: Accounting }) {
  const words = useWords(messages);
  const [isOpen, setOpen] = useState(!a.is_balanced);
  const asides: [string, number][] = [
    [words.duplicates, a.duplicates], [words.forged, a.forged], [words.gone, a.lost], [words.writtenOff, a.written_off],
  ];
  return (
    <section className="card message-account" aria-labelledby="message-account">
      <h2 id="message-account">
        {words.account}
        <Tag text={a.is_balanced ? words.whole : words.unbalanced} tone={a.is_balanced ? "good" : "bad"} />
        <span className="grow" />
        <button type="button" className="bare dim" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{isOpen ? words.fold : words.open}</button>
      </h2>
      <div className="body">
        <p className="equation">
          <Term text={words.received} n={a.received} href="/messages" /> = <Term text={words.stored} n={a.stored} href="/messages" />
          {a.spooled ? <> + <Term text={words.onDisk} n={a.spooled} look="warn" /></> : null}
          {a.lost || a.written_off ? <> + <Term text={words.gone} n={a.lost + a.written_off} look="bad" /></> : null}
        </p>
        {isOpen ? (
          <>
            <p className="equation">
              <Term text={words.stored} n={a.stored} href="/messages" /> = <Term text={words.normalised} n={a.normalised} href="/messages?state=normalised" />
              {" + "}<Term text={words.pending} n={a.pending} href="/messages?state=pending" /> + <Term text={words.parked} n={a.parked} href="/messages?state=parked" look={a.parked ? "warn" : ""} />
              {" + "}<Term text={words.quarantined} n={a.quarantined} href="/messages?state=quarantined" /> + <Term text={words.discarded} n={a.discarded} href="/messages?state=discarded" />
            </p>
            <p className="dim">{asides.filter(([, n]) => n).map(([text, n]) => `${text} ${count(n)}`).join(" · ")}</p>
          </>
        ) : null}
      </div>
    </section>
  );
}

function Term({ text, n, href = "", look = "" }: { text: string; n: number; href?: string; look?: "" | "warn" | "bad" }) {
  return <To href={href} className={`term ${look}`}>{text} <b>{count(n)}</b></To>;
}
