/** What a replay would change, by the server's own dry run: orders with their fields, and messages that would wait again. */
import type { ReplayPreview } from "@/api/generated/schema";
import { useTitles } from "./titles";
import { useWords } from "@/words/language";
import { messages } from "@/words/messages";
import type { MessageWords } from "@/words/messages";

const SHOWN = 20;

/** Why a message waits, in words. */
export function reasonOf(row: { reason: string }, words: MessageWords, caseTitle: (kind: string) => string): string {
  const all: Record<string, unknown> = words;
  const said = all[`check_${row.reason}`] ?? all[`why_${row.reason}`];
  return typeof said === "string" ? said : row.reason === "" ? "" : caseTitle(row.reason);
}

/** `asked`: how many messages were meant. */
export function ReplayAhead({ found, asked }: { found: ReplayPreview; asked: number }) {
  const words = useWords(messages) as MessageWords;
  const title = useTitles();
  const waits = found.differing.filter((one) => one.after === "parked");
  const parked = Object.entries(found.outcomes).reduce((sum, [way, count]) => sum + (way.endsWith("-> parked") ? count : 0), 0);
  const apart = asked - found.messages;
  return (
    <div className="stack" role="status">
      <p className="line ahead-counts">
        {found.orders_new > 0 ? <b>{words.aheadNew(found.orders_new)}</b> : null}
        {found.orders_changed > 0 ? <b>{words.aheadChanged(found.orders_changed)}</b> : null}
        {found.orders_new + found.orders_changed === 0 ? <span>{words.aheadNone}</span> : null}
        {parked > 0 ? <span className="warn">{words.aheadWaits(parked)}</span> : null}
        {apart > 0 ? <span className="dim">{words.aheadApart(apart)}</span> : null}
      </p>
      {found.orders.slice(0, SHOWN).map((order) => (
        <div key={`${order.account} ${order.external_id}`} className="ahead-order">
          <b className="mono">{order.order || order.external_id}</b>{order.is_new ? <span className="dim"> {words.newOrder}</span> : null}
          {order.is_new ? null : (
            <dl className="kv">{order.fields.slice(0, SHOWN).map((field) => [<dt key={field.field} className="mono">{field.field}</dt>, <dd key={`${field.field} to`}>{field.before === null ? null : <del>{field.before}</del>} {field.after === null ? null : <ins>{field.after}</ins>}</dd>])}</dl>
          )}
        </div>
      ))}
      {waits.slice(0, SHOWN).map((one) => <p key={one.message}><span className="dim">{words.stillWaits}</span> <span className="mono">{one.account}</span> {reasonOf({ reason: one.reason_after }, words, (kind) => title("cases", kind))} <span className="mono dim">{one.field}</span></p>)}
    </div>
  );
}
