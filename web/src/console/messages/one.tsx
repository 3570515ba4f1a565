/** One message: what stands in it, where it came from, what became of it, and what a person may do about it. */
import { getRouteApi, Link } from "@tanstack/react-router";
import type { MessageDetail } from "@/api/generated/schema";
import { Show } from "@/shared/states/show";
import { useTitles } from "@/shared/titles";
import { Page } from "@/shell/page";
import { useWords } from "@/words/language";
import { messages } from "@/words/messages";
import type { MessageWords } from "@/words/messages";
import { Acts } from "./acts";
import { Became, History, Origin } from "./aside";
import { reasonOf } from "@/shared/replay_ahead";
import { StateTag } from "./columns";
import { Content } from "./content";
import { useMessage } from "./queries";
import "./messages.css";

const route = getRouteApi("/messages/$id");

export default function OneMessage() {
  const { id } = route.useParams();
  return <Show query={useMessage(id)}>{(found) => <Found key={id} found={found} />}</Show>;
}

function Found({ found }: { found: MessageDetail }) {
  const words = useWords(messages) as MessageWords;
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const row = found.message;
  return (
    <>
      <p className="crumb"><Link to="/messages">{words.title}</Link> › <span className="mono">…{row.id.slice(-6)}</span></p>
      <Page title={row.topic} sub={<span className="line"><StateTag state={row.outcome} words={words} /><span className="mono">{row.account}</span></span>}>
        <Say found={found} />
        <Acts found={found} />
        <div className="two">
          <Content found={found} tab={tab} onTab={(next) => void navigate({ search: { tab: next } })} />
          <div className="col"><Became found={found} /><History found={found} /><Origin found={found} /></div>
        </div>
      </Page>
    </>
  );
}

/** The answer first: what became of it, in one sentence. */
function Say({ found: { message: row } }: { found: MessageDetail }) {
  const words = useWords(messages) as MessageWords;
  const title = useTitles();
  const why = reasonOf(row, words, (kind) => title("cases", kind));
  const said = {
    normalised: words.sayNormalised(row.order ?? ""), pending: words.sayPending, parked: words.sayParked(why), quarantined: words.sayQuarantined(why), discarded: words.sayDiscarded, split: words.saySplit,
  }[row.outcome];
  return <p className="say">{said ?? row.outcome}{row.outcome === "normalised" && !row.order && why ? ` ${why}` : ""}</p>;
}
