/** One connection: how it is, what it costs, tried check by check, its settings, its mappings, watched only or live. */
import { Button } from "antd";
import { Link, getRouteApi } from "@tanstack/react-router";
import type { ConnectionDetail } from "@/api/generated/schema";
import { CopyButton, Tag, When } from "@/shared/cells";
import { useFault } from "@/shared/fault";
import { Show } from "@/shared/states/show";
import { useTold } from "@/shared/told";
import { Page } from "@/shell/page";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { connections } from "@/words/connections";
import { shared } from "@/words/shared";
import { Checks } from "../checks";
import { useConnection, useExamine } from "../queries";
import { StateOf, useSentence, waits } from "../state";
import "../connections.css";
import { Credentials, Settings } from "./forms";
import { Hours, Mappings } from "./tables";
import { Watching } from "./watching";

const route = getRouteApi("/connections/$code");

export default function Connection() {
  const { code } = route.useParams();
  const words = useWords(connections);
  const query = useConnection(code);
  const title = query.data?.connection.account.title || code;
  return (
    <>
      <nav className="crumb"><Link to="/connections">{words.title}</Link> / <span className="mono">{code}</span></nav>
      <Page title={title} sub={query.data ? <StateOf view={query.data.connection} /> : null}>
        <Show query={query}>{(found) => <One key={code} found={found} />}</Show>
      </Page>
    </>
  );
}

function One({ found }: { found: ConnectionDetail }) {
  const sentence = useSentence();
  const may = useMay()("accounts:write");
  return (
    <>
      <p className="say">{sentence(found.connection)}</p>
      <div className="two">
        <div className="stack">
          <Health found={found} />
          <Mappings code={found.connection.account.code} />
          <Hours hours={found.hours} />
        </div>
        <div className="stack">
          <Watching view={found.connection} mayWrite={may} />
          <Credentials found={found} mayWrite={may} />
          <Settings found={found} mayWrite={may} />
        </div>
      </div>
    </>
  );
}

function Health({ found }: { found: ConnectionDetail }) {
  const words = useWords(connections);
  const common = useWords(shared);
  const fault = useFault();
  const { connection: view } = found;
  const { account } = view;
  return (
    <section className="card pad stack" id="health">
      <h2>{words.health}</h2>
      <dl className="kv">
        <dt>{words.state}</dt><dd><StateOf view={view} /> {view.since ? <When at={view.since} /> : null}</dd>
        {view.why ? <><dt>{common.reason}</dt><dd title={view.why}>{fault(view.why)}</dd></> : null}
        {account.pulled_at ? <><dt>{words.pulled}</dt><dd><When at={account.pulled_at} isExact /></dd></> : null}
        {view.lag_seconds === null ? null : <><dt>{words.lag}</dt><dd>{common.lasted(view.lag_seconds)}</dd></>}
        {account.read_up_to ? <><dt>{words.readUpTo}</dt><dd><When at={account.read_up_to} /></dd></> : null}
        {view.reads_every_seconds === null ? null : <><dt>{words.readsEvery}</dt><dd>{words.seconds(view.reads_every_seconds)}</dd></>}
        {view.limit_used === null ? null : <><dt>{words.limit}</dt><dd>{words.used(view.limit_used)}</dd></>}
        {view.token_ends_at ? <><dt>{words.token}</dt><dd><When at={view.token_ends_at} /></dd></> : null}
        <dt>{words.errors}</dt><dd>{view.errors_day}</dd>
        {waits(view, words) ? <><dt>{words.waiting}</dt><dd>{waits(view, words)}</dd></> : null}
        {account.backfill ? <><dt>{words.orderPast}</dt><dd>{words.percent(account.backfill.percent)} {fault(account.backfill.last_error)}</dd></> : null}
        {view.cases_open > 0 ? <><dt>{words.cases}</dt><dd>{words.casesOpen(view.cases_open)}</dd></> : null}
        {found.webhook_url ? <><dt>{words.webhook}</dt><dd><span className="mono">{found.webhook_url}</span> <CopyButton text={found.webhook_url} /><div className="dim">{words.webhookMeans}</div></dd></> : null}
      </dl>
      <Test code={account.code} />
    </section>
  );
}

function Test({ code }: { code: string }) {
  const words = useWords(connections);
  const told = useTold();
  const examine = useExamine(code);
  if (!useMay()("accounts:write")) return null;
  return (
    <div className="stack">
      <div className="do"><Button loading={examine.isPending} onClick={() => examine.mutate(undefined, { onError: told.failed })}>{words.test}</Button></div>
      {examine.data ? <div aria-live="polite" className="stack"><h3>{words.tested} <Tag text={examine.data.is_well ? words.isWell : words.isNot} tone={examine.data.is_well ? "good" : "bad"} /></h3><Checks found={examine.data} /></div> : null}
    </div>
  );
}
