/** The formula of shown stock: what is in force, who says what, and what another one would oversell before it is saved. */
import "@/console/stock/stock.css";
import { useState } from "react";
import { Link } from "@tanstack/react-router";
import type { FormulaPage } from "@/api/generated/schema";
import { Show } from "@/shared/states/show";
import { useMay } from "@/shell/me";
import { Page } from "@/shell/page";
import { formula } from "@/words/formula";
import { useLanguage, useWords } from "@/words/language";
import { Places } from "./places";
import { Price } from "./price";
import { useFormula } from "./queries";
import { RuleList } from "./rule_list";
import { listOf } from "./rules";
import type { Rule } from "./rules";

export default function Formula() {
  const words = useWords(formula);
  const query = useFormula();
  return (
    <>
      <nav className="crumb"><Link to="/stock">{words.stock}</Link> / {words.title}</nav>
      <Page title={words.title} sub={words.sub}>
        <Show query={query}>{(page) => <Whole key={page.version} page={page} />}</Show>
      </Page>
    </>
  );
}

function Whole({ page }: { page: FormulaPage }) {
  const words = useWords(formula);
  const language = useLanguage();
  const may = useMay();
  const [list, setList] = useState<Rule[]>(() => listOf(page.rules));
  const [isDraft, setDraft] = useState(false);
  const change = (next: Rule[]) => { setList(next); setDraft(true); };
  const drop = () => { setList(listOf(page.rules)); setDraft(false); };
  return (
    <div className="col">
      <section className="card">
        <h2>{words.now(page.version)}</h2>
        <div className="body stack">
          <p lang={language}><strong>{words.text}</strong></p>
          <p className="dim">{words.printed} · {words.within(page.within_seconds)}</p>
          <Places places={page.places} shareSum={page.share_sum} />
        </div>
      </section>
      <RuleList list={list} places={page.places} isDraft={isDraft} onChange={may("stock:write") ? change : undefined} onDrop={drop} />
      {may("stock:write") ? <Price list={list} isDraft={isDraft} /> : null}
    </div>
  );
}
