/** Open cases by kind, and for how long they are open: a bar of four parts whose numbers stand beside it. */
import type { CasesByAge } from "@/api/generated/schema";
import { count } from "@/shared/money";
import { useTitles } from "@/shared/titles";
import { To } from "@/shared/to";
import { address } from "@/shared/address";
import { home } from "@/words/home";
import { useWords } from "@/words/language";

const SHOWN = 8;

export function CasesCard({ cases }: { cases: readonly CasesByAge[] }) {
  const words = useWords(home);
  const most = Math.max(1, ...cases.map((one) => one.count));
  const ages = [words.young, words.hours, words.day, words.old];
  return (
    <section className="card" aria-labelledby="home-cases">
      <h2 id="home-cases">{words.cases} <small>{words.casesSub}</small></h2>
      <div className="body">
        {cases.length === 0 ? <p className="dim">{words.casesEmpty}</p> : (
          <>
            <ul className="ages">{ages.map((age, index) => <li key={age}><i className={`age-${index}`} aria-hidden="true" />{age}</li>)}</ul>
            <table className="small-table">
              <thead><tr><th scope="col">{words.kind}</th><th scope="col" className="num">{words.count}</th><th scope="col" className="num">{words.late}</th></tr></thead>
              <tbody>{cases.slice(0, SHOWN).map((one) => <Row key={`${one.kind} ${one.owner}`} one={one} most={most} ages={ages} />)}</tbody>
            </table>
          </>
        )}
      </div>
    </section>
  );
}

function Row({ one, most, ages }: { one: CasesByAge; most: number; ages: readonly string[] }) {
  const title = useTitles();
  const parts = one.ages.map((n, index) => `${ages[index] ?? ""} ${n}`).join(" · ");
  return (
    <tr>
      <th scope="row">
        <To href={address("/cases", { kind: one.kind })} className="cut" title={title("cases", one.kind)}>{title("cases", one.kind)}</To>
        <span className="age-bar" role="img" aria-label={parts} title={parts} style={{ width: `${(one.count / most) * 100}%` }}>
          {one.ages.map((n, index) => (n ? <i key={ages[index]} className={`age-${index}`} style={{ flexGrow: n }} /> : null))}
        </span>
      </th>
      <td className="num"><b>{count(one.count)}</b></td>
      <td className="num">{one.overdue ? <To href={address("/cases", { kind: one.kind, due: "overdue" })} className="bad strong">{count(one.overdue)}</To> : null}</td>
    </tr>
  );
}
