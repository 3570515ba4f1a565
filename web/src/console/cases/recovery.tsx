/** How long troubles last: from an order's first abnormal state to normal, by one thing. */
import { useTitles } from "@/shared/titles";
import { Empty } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { useWords } from "@/words/language";
import { cases } from "@/words/cases";
import { shared } from "@/words/shared";
import { useRecovery } from "./queries";
import { BYS } from "./search";
import type { By } from "./search";

export function Recovery({ by, onBy }: { by: By; onBy: (by: By) => void }) {
  const words = useWords(cases);
  const common = useWords(shared);
  const title = useTitles();
  const query = useRecovery(by);
  const named = { kind: words.kind, person: words.owner, owner: words.role, channel: words.channel, account: words.shopWord, warehouse: words.warehouse };
  const called = (key: string) => (key === "" ? common.none : by === "kind" ? title("cases", key) : by === "owner" ? title("roles", key) : by === "channel" ? title("connectors", key) : key.replace(/^user:/, ""));
  const heads = words.buckets.split("|");
  return (
    <div className="body">
      <div className="filters">
        <span className="dim">{words.ended30} · {words.by}</span>
        {BYS.map((one) => <button key={one} type="button" className={`bare ${one === by ? "strong" : "soft"}`} aria-pressed={one === by} onClick={() => onBy(one)}>{named[one]}</button>)}
      </div>
      <Show query={query}>
        {(found) => found.total === null ? <Empty title={words.noRecovery} /> : (
          <div className="wide">
            <table className="plain">
              <thead><tr><th scope="col">{named[by]}</th><th scope="col" className="num">{words.what}</th><th scope="col" className="num">{words.median}</th><th scope="col" className="num">{words.p90}</th>{heads.map((head) => <th key={head} scope="col" className="num">{head}</th>)}</tr></thead>
              <tbody>
                {[...found.rows, { ...found.total, key: "*" }].map((row) => (
                  <tr key={row.key} className={row.key === "*" ? "strong" : ""}>
                    <th scope="row">{row.key === "*" ? words.all : called(row.key)}</th>
                    <td className="num">{row.count}</td><td className="num">{common.lasted(row.median_seconds)}</td><td className="num">{common.lasted(row.p90_seconds)}</td>
                    {row.buckets.map((count, at) => <td key={heads[at]} className="num">{count || null}</td>)}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Show>
    </div>
  );
}
