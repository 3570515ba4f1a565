/** Beside a message: where it came from, what became of it, what people did to it. */
import type { MessageDetail } from "@/api/generated/schema";
import { CopyButton, Cut, When } from "@/shared/cells";
import { size } from "@/shared/size";
import { useTitles } from "@/shared/titles";
import { To } from "@/shared/to";
import { useWords } from "@/words/language";
import { messages } from "@/words/messages";
import type { MessageWords } from "@/words/messages";
import { order } from "@/words/order";
import { StateTag } from "./columns";

export function Origin({ found }: { found: MessageDetail }) {
  const words = useWords(messages) as MessageWords;
  const row = found.message;
  const headers = Object.entries(found.headers);
  return (
    <section className="card"><h2>{words.origin}</h2>
      <div className="body stack">
        <dl className="kv">
          <dt>{words.from}</dt><dd className="mono">{row.account}</dd>
          <dt>{words.topic}</dt><dd className="mono">{row.topic}</dd>
          {row.event_id.startsWith("quarantined:") ? null : <><dt>{words.event}</dt><dd className="mono">{row.event_id}</dd></>}
          <dt>{words.at}</dt><dd><When at={row.received_at} isExact /></dd>
          <dt>{words.size}</dt><dd>{size(row.body_size)}</dd>
          <dt>{words.tries}</dt><dd>{row.attempts}</dd>
          {row.processed_at ? <><dt>{words.processed}</dt><dd><When at={row.processed_at} isExact /></dd></> : null}
          {found.parent_id ? <><dt>{words.partOf}</dt><dd><To href={`/messages/${found.parent_id}`} className="mono">…{found.parent_id.slice(-6)}</To></dd></> : null}
          <dt>{words.digest}</dt><dd className="line"><Cut text={found.digest} className="mono" /><CopyButton text={found.digest} /></dd>
        </dl>
        {headers.length > 0 ? (
          <details><summary>{words.headers} {headers.length}</summary>
            <dl className="kv">{headers.map(([name, value]) => [<dt key={name} className="mono">{name}</dt>, <dd key={`${name} is`} className="mono">{String(value)}</dd>])}</dl>
          </details>
        ) : null}
      </div>
    </section>
  );
}

/** What happened, by the words of the order page without the particulars that they end in. */
function factOf(kind: string, words: Record<string, unknown>): string {
  const said = words[`e_${kind}`];
  const text: unknown = typeof said === "function" ? said("", "", "") : said;
  return typeof text === "string" ? text.replace(/[\s→:：]+$/u, "") : kind;
}

export function Became({ found }: { found: MessageDetail }) {
  const words = useWords(messages) as MessageWords;
  const title = useTitles();
  const ofOrders: Record<string, unknown> = useWords(order);
  const { became, message: row } = found;
  const isNothing = !row.order && became.cases.length + became.parts.length + became.corrections.length === 0;
  return (
    <section className="card"><h2>{words.became}</h2>
      <div className="body stack">
        {isNothing ? <p className="dim">{words.becameNothing}</p> : null}
        {row.order ? <p>{words.order} <To href={`/orders/${row.order}`} className="mono">{row.order}</To></p> : null}
        {became.happened.map((one) => <p key={one.seq} className="line"><span className="dim mono">{one.seq}</span><To href={`/orders/${row.order}#event-${one.seq}`}>{factOf(one.kind, ofOrders)}</To><span className="grow" /><When at={one.at} /></p>)}
        {became.cases.map((one) => <p key={one.id} className="line"><span className="dim">{words.cases}</span><To href={`/cases/${one.id}`}>{title("cases", one.kind)}</To><span className="grow" /><When at={one.opened_at} /></p>)}
        {became.parts.map((one) => <p key={one.id} className="line"><To href={`/messages/${one.id}`} className="mono">…{one.id.slice(-6)}</To><Cut text={one.topic} className="mono" /><StateTag state={one.outcome} words={words} /></p>)}
        {became.corrections.length > 0 ? <h3>{words.corrections}</h3> : null}
        {became.corrections.map((one) => <p key={`${one.path} ${one.at}`}><span className="mono">{one.path}</span> {one.by} · {one.reason} <When at={one.at} /></p>)}
        {became.mapping ? <p><span className="dim">{words.mapping}</span> <span className="mono">{became.mapping}</span></p> : null}
      </div>
    </section>
  );
}

export function History({ found }: { found: MessageDetail }) {
  const words = useWords(messages) as MessageWords;
  const all: Record<string, unknown> = words;
  const { history } = found.message;
  if (history.length === 0) return null;
  return (
    <section className="card"><h2>{words.history}</h2>
      <div className="body stack">{history.map((one) => <p key={one.at}><When at={one.at} /> {one.by} <b>{String(all[`kept_${one.kind}`] ?? one.kind)}</b>{one.reason ? ` · ${one.reason}` : ""}</p>)}</div>
    </section>
  );
}
