/** The rules as they run: where orders stand, which stage is slow, what moves it. */
import { Suspense, lazy } from "react";
import { Segmented } from "antd";
import { getRouteApi } from "@tanstack/react-router";
import type { LifecycleView } from "@/api/generated/schema";
import { useIsPhone } from "@/shared/phone";
import { Loading } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { whenExact } from "@/shared/when";
import { Page } from "@/shell/page";
import { useLanguage, useWords } from "@/words/language";
import { lifecycle } from "@/words/lifecycle";
import { useLifecycle } from "./queries";
import type { Search } from "./search";
import { StageDoc } from "./stage_doc";
import { StageList } from "./stage_list";
import "./lifecycle.css";

const route = getRouteApi("/lifecycle");
const Drawing = lazy(() => import("./drawing"));

export default function Lifecycle() {
  const words = useWords(lifecycle);
  const language = useLanguage();
  const here = route.useSearch();
  const navigate = route.useNavigate();
  const isPhone = useIsPhone();
  const query = useLifecycle();
  const go = (change: Partial<Search>) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const onStage = (stage: string | undefined) => go({ stage });
  const found = query.data;
  const isList = isPhone || here.view === "list";
  const views = (
    <Segmented
      aria-label={words.views} value={isList ? "list" : "drawing"} onChange={(view) => go({ view: view === "list" ? "list" : undefined })}
      options={[{ value: "drawing", label: words.drawing }, { value: "list", label: words.list }]}
    />
  );
  return (
    <Page title={words.title} sub={found ? words.sub(found.blueprint, found.version, whenExact(found.as_of, language)) : null} actions={isPhone ? null : views}>
      <Show query={query} rows={12}>
        {(data) => isList ? <StageList found={data} stage={here.stage} onStage={onStage} /> : <Drawn found={data} stage={here.stage} onStage={onStage} />}
      </Show>
    </Page>
  );
}

function Drawn({ found, stage, onStage }: { found: LifecycleView; stage: string | undefined; onStage: (name: string | undefined) => void }) {
  const words = useWords(lifecycle);
  const language = useLanguage();
  const chosen = found.nodes.find((node) => node.name === stage);
  return (
    <div className="lifecycle">
      <section className="card" aria-label={words.drawing}>
        <Suspense fallback={<Loading rows={12} />}><Drawing found={found} stage={chosen?.name} onStage={onStage} /></Suspense>
      </section>
      <aside className="card" aria-label={words.details}>
        <h2>{chosen ? chosen.title[language] : words.details}</h2>
        <div className="body">{chosen ? <StageDoc found={found} stage={chosen} /> : <p className="dim">{words.choose}</p>}</div>
      </aside>
    </div>
  );
}
