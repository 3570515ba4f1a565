/** Are all doors open? Every connection, the ill ones first: since when, and what it costs. */
import { useMemo } from "react";
import { Button } from "antd";
import { Link, getRouteApi, useNavigate } from "@tanstack/react-router";
import type { ConnectionView } from "@/api/generated/schema";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import { useTold } from "@/shared/told";
import { Views } from "@/shared/views";
import { Page } from "@/shell/page";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { connections } from "@/words/connections";
import { shared } from "@/words/shared";
import { card, columns } from "./columns";
import { useConnections, useSwitch } from "./queries";
import { FAMILIES } from "./search";
import type { Search } from "./search";
import { ILL, useSentence } from "./state";

const route = getRouteApi("/connections");
const keyOf = (row: ConnectionView) => row.account.code;

export default function Connections() {
  const words = useWords(connections);
  const { family } = route.useSearch();
  const navigate = route.useNavigate();
  const open = useNavigate();
  const query = useConnections();
  const drawn = useColumns();
  const all = query.data?.connections;
  const rows = all?.filter((one) => !family || one.account.family === family);
  const go = (change: Search) => void navigate({ search: change });
  const isEmpty = all !== undefined && all.length === 0;
  return (
    <Page title={words.title} sub={words.sub} actions={<ConnectButton text={words.connect} />}>
      {all && !isEmpty ? <Health all={all} /> : null}
      {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
      {query.error && !rows ? null : (
        <section className="card">
          {isEmpty ? null : <Families family={family} onChoose={(one) => go({ family: one })} />}
          <List
            label={words.title} columns={drawn} rows={rows} keyOf={keyOf} card={(row) => card(row, words)}
            onOpen={(row) => void open({ to: "/connections/$code", params: { code: row.account.code } })}
            empty={<Nothing isFiltered={!isEmpty} onClear={() => go({})} />}
          />
        </section>
      )}
    </Page>
  );
}

function useColumns() {
  const words = useWords(connections);
  const { done, failed } = useTold();
  const may = useMay()("accounts:write");
  const flip = useSwitch();
  const busy = flip.isPending ? flip.variables.code : undefined;
  const { mutate } = flip;
  return useMemo(() => columns(words, {
    isAllowed: may, busy,
    onSwitch: (row, isOn) => mutate({ code: row.account.code, isOn }, {
      onSuccess: () => done(isOn ? words.on : words.off), onError: failed,
    }),
  }), [words, may, busy, mutate, done, failed]);
}

function ConnectButton({ text }: { text: string }) {
  if (!useMay()("accounts:write")) return null;
  return <Link to="/connections/new"><Button type="primary">{text}</Button></Link>;
}

/** One sentence first: all well, or which is ill since when and what waits for it. */
function Health({ all }: { all: readonly ConnectionView[] }) {
  const words = useWords(connections);
  const sentence = useSentence();
  const ill = all.filter((one) => ILL.includes(one.state));
  if (ill.length === 0) return <p className="say">{words.allWell(all.length)}</p>;
  return (
    <div className="say">
      <b>{words.someIll(all.length, ill.length)}</b>
      <ul className="says">
        {ill.slice(0, 3).map((one) => (
          <li key={keyOf(one)}><Link to="/connections/$code" params={{ code: keyOf(one) }}>{sentence(one)}</Link></li>
        ))}
      </ul>
    </div>
  );
}

function Families({ family, onChoose }: { family: Search["family"]; onChoose: (family: Search["family"]) => void }) {
  const words = useWords(connections);
  return (
    <Views chosen={family} parts={FAMILIES} all={words.all} nameOf={(one) => words[one]} onChoose={onChoose} />
  );
}

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const words = useWords(connections);
  const common = useWords(shared);
  return isFiltered ? (
    <Empty title={common.emptyFilter} action={<button type="button" className="bare" onClick={onClear}>{common.clearFilters}</button>} />
  ) : (
    <Empty title={words.empty} text={words.emptyMeans} action={<ConnectButton text={words.connectFirst} />} />
  );
}
