/** The columns of the messages, and a message on a phone. */
import { reasonOf } from "@/shared/replay_ahead";
import type { MessageView } from "@/api/generated/schema";
import { ChannelTile, Cut, Tag, When } from "@/shared/cells";
import { size } from "@/shared/size";
import type { Column } from "@/shared/table/list";
import { To } from "@/shared/to";
import type { MessageWords } from "@/words/messages";

const TONES = { pending: "", parked: "warn", quarantined: "bad", normalised: "", discarded: "", split: "" } as const;

export function StateTag({ state, words }: { state: string; words: MessageWords }) {
  const known = state as keyof typeof TONES;
  return <Tag text={known in TONES ? words[known] : state} tone={TONES[known] ?? ""} />;
}

/** Why a message waits, stands apart or came to nothing, in words: checks of the door, kinds of cases, the hub's own. */
export function columns(words: MessageWords, caseTitle: (kind: string) => string): readonly Column<MessageView>[] {
  return [
    { key: "account", title: words.from, width: 130, render: (row) => <span className="line"><ChannelTile channel={row.channel} /><Cut text={row.account} className="mono" /></span> },
    { key: "topic", title: words.topic, width: 200, render: (row) => <Cut text={row.topic} className="mono" /> },
    { key: "at", title: words.at, width: 120, render: (row) => <When at={row.received_at} /> },
    { key: "size", title: words.size, width: 84, align: "right", render: (row) => <span className="figure">{size(row.body_size)}</span> },
    { key: "state", title: words.state, width: 108, render: (row) => <StateTag state={row.outcome} words={words} /> },
    { key: "reason", title: words.reason, render: (row) => <Cut text={reasonOf(row, words, caseTitle)} /> },
    { key: "order", title: words.order, width: 190, render: (row) => (row.order ? <To href={`/orders/${row.order}`} className="mono cut">{row.order}</To> : null) },
  ];
}

export function card(row: MessageView, words: MessageWords, caseTitle: (kind: string) => string) {
  return (
    <>
      <span className="line"><StateTag state={row.outcome} words={words} /><span className="mono">{row.account}</span><When at={row.received_at} /></span>
      <span className="line"><Cut text={row.topic} className="mono" /><span className="dim">{size(row.body_size)}</span></span>
      <span className="line dim"><Cut text={reasonOf(row, words, caseTitle)} />{row.order ? <span className="mono">{row.order}</span> : null}</span>
    </>
  );
}
