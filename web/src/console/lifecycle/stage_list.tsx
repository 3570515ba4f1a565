/** The lifecycle as a list: the same content for phones and for those who hear the page. */
import type { LifecycleView } from "@/api/generated/schema";
import { Phase } from "@/shared/cells";
import { lifecycle } from "@/words/lifecycle";
import { useLanguage, useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { StageDoc } from "./stage_doc";
import { Standing } from "./standing";

export function StageList({ found, stage, onStage }: { found: LifecycleView; stage: string | undefined; onStage: (name: string | undefined) => void }) {
  const words = useWords(lifecycle);
  const time = useWords(shared);
  const language = useLanguage();
  return (
    <section className="card" aria-label={words.title}>
      <ul className="stages">
        {found.nodes.map((node) => (
          <li key={node.name}>
            <h2>
              <button type="button" aria-expanded={stage === node.name} onClick={() => onStage(stage === node.name ? undefined : node.name)}>
                <Phase phase={node.phase} /><b>{node.title[language]}</b><Standing standing={node.standing} /><span className="grow" />
                <span className="dim only-wide">{node.owner_title[language]} · {node.limit_seconds === null ? words.noLimit : time.lasted(node.limit_seconds)}</span>
              </button>
            </h2>
            {stage === node.name ? <StageDoc found={found} stage={node} /> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
