/** The columns of the connections table. */
import { Progress, Switch } from "antd";
import type { ConnectionView } from "@/api/generated/schema";
import { ChannelTile, Cut, When } from "@/shared/cells";
import { Fault } from "@/shared/cells/fault";
import type { Column } from "@/shared/table/list";
import { shared } from "@/words/shared";
import { connections } from "@/words/connections";
import { StateOf, waits } from "./state";
import type { Words } from "./state";

const LATE_SECONDS = 90;

interface Acts {
  isAllowed: boolean;
  busy: string | undefined;
  onSwitch: (row: ConnectionView, isOn: boolean) => void;
}

export function columns(words: Words, acts: Acts): readonly Column<ConnectionView>[] {
  const common = words === connections.zh ? shared.zh : shared.en;
  const lasted = (row: ConnectionView) => (row.lag_seconds === null ? "" : common.lasted(row.lag_seconds));
  return [
    {
      key: "name", title: words.name, width: 220,
      render: (row) => <span className="line"><ChannelTile channel={row.account.connector} /><Cut text={row.account.title || row.account.code} /><span className="mono dim">{row.account.code}</span></span>,
    },
    { key: "state", title: words.state, render: (row) => <span className="line"><StateOf view={row} /><Fault text={row.why} /></span> },
    { key: "pulled", title: words.pulled, width: 116, render: (row) => (row.reads_every_seconds === null ? <span className="dim">{words.pushOnly}</span> : <When at={row.account.pulled_at} />) },
    {
      key: "lag", title: words.lag, width: 96, align: "right",
      render: (row) => <span className={`figure ${(row.lag_seconds ?? 0) > LATE_SECONDS + (row.reads_every_seconds ?? 0) ? "warn" : ""}`}>{lasted(row)}</span>,
    },
    {
      key: "limit", title: words.limit, width: 110,
      render: (row) => (row.limit_used === null ? null : <Progress percent={row.limit_used} size="small" showInfo={false} aria-label={words.used(row.limit_used)} />),
    },
    { key: "token", title: words.token, width: 116, render: (row) => <When at={row.token_ends_at} /> },
    { key: "errors", title: words.errors, width: 112, align: "right", render: (row) => (row.errors_day > 0 ? <span className="figure warn">{row.errors_day}</span> : null) },
    { key: "waiting", title: words.waiting, width: 150, render: (row) => <Cut text={waits(row, words)} /> },
    {
      key: "active", title: words.active, width: 72,
      render: (row) => (
        <Switch
          size="small" checked={row.account.is_active} disabled={!acts.isAllowed} loading={acts.busy === row.account.code}
          aria-label={`${words.active} ${row.account.code}`} title={words.offMeans} onChange={(isOn) => acts.onSwitch(row, isOn)}
        />
      ),
    },
  ];
}

export function card(row: ConnectionView, words: Words) {
  return (
    <>
      <span className="line"><ChannelTile channel={row.account.connector} /><b className="cut">{row.account.title || row.account.code}</b><StateOf view={row} /></span>
      <span className="line dim"><span className="mono">{row.account.code}</span><When at={row.account.pulled_at} /></span>
      {row.why || waits(row, words) ? <span className="line dim"><Fault text={row.why} className="" /><Cut text={waits(row, words)} /></span> : null}
    </>
  );
}
