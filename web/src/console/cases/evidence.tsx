/** The part of the payload that matters, the culprit marked. It is text, never markup. */
import type { CaseDetail, FragmentLine } from "@/api/generated/schema";
import { Show } from "@/shared/states/show";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { cases } from "@/words/cases";
import { useLine } from "./line";
import { useEvidence } from "./queries";

export function Evidence({ found }: { found: CaseDetail }) {
  const words = useWords(cases);
  const may = useMay();
  const line = useLine();
  const query = useEvidence(found.id);
  return (
    <section className="card">
      <header><h2>{words.evidence}</h2><span className="grow" />{query.data?.message && may("messages:read") ? <a href={`/messages/${query.data.message}`}>{words.wholeMessage}</a> : null}</header>
      <div className="body">
        <Show query={query} rows={4}>
          {(evidence) => evidence.payload ? (
            <pre className="code payload">{evidence.payload.lines.map((one, at) => <Line key={`${at}-${one.name}`} one={one} />)}</pre>
          ) : <p className="soft">{line(found) || words.noEvidence}</p>}
        </Show>
      </div>
    </section>
  );
}

function Line({ one }: { one: FragmentLine }) {
  const name = one.name ? `"${one.name}": ` : "";
  const value = one.kind === "value" && one.is_text ? `"${one.value}"` : one.value;
  return <span className={one.is_culprit ? "culprit" : "block"}>{"  ".repeat(one.depth)}{name}{one.is_culprit ? <b>{value}</b> : value}{"\n"}</span>;
}
