/** Make a payload an order: the mapping of one topic of an account, edited against its own messages. */
import { useState } from "react";
import { Link, getRouteApi } from "@tanstack/react-router";
import { useIsPhone } from "@/shared/phone";
import { OnComputer } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { mappings } from "@/words/mappings";
import { Dictionary } from "./dictionary";
import { Editor } from "./editor";
import "./editor.css";
import { useMapping } from "./queries";

const route = getRouteApi("/mappings/$code/$topic");
const WORDS = "words";

export default function Mapping() {
  const where = route.useParams();
  const { sample } = route.useSearch();
  const navigate = route.useNavigate();
  const words = useWords(mappings);
  const isPhone = useIsPhone();
  const query = useMapping(where);
  const [round, setRound] = useState(0);
  const reload = () => void query.refetch().then(() => setRound(round + 1));
  const chosen = sample ?? (query.data?.upload ? "upload" : query.data?.samples[0]?.id);
  return (
    <>
      <nav className="crumb"><Link to="/connections">{words.crumb}</Link> / <Link to="/connections/$code" params={{ code: where.code }}><span className="mono">{where.code}</span></Link></nav>
      <Page title={words.title(where.code, where.topic === WORDS ? words.words : where.topic)}>
        {isPhone ? <OnComputer /> : (
          <Show query={query}>
            {(view) => where.topic === WORDS
              ? <Dictionary key={round} where={where} view={view} onReload={reload} />
              : <Editor key={`${where.code} ${where.topic} ${round}`} where={where} view={view} sample={chosen} onReload={reload} onSample={(one) => void navigate({ search: { sample: one } })} />}
          </Show>
        )}
      </Page>
    </>
  );
}
