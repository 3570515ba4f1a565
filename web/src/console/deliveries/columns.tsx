/** The columns of the deliveries table. */
import type { DeliveryView } from "@/api/generated/schema";
import { Cut, When } from "@/shared/cells";
import { Fault } from "@/shared/cells/fault";
import { DeliveryKind, StateTag, subject } from "@/shared/delivery/state";
import type { Column } from "@/shared/table/list";
import type { deliveries } from "@/words/deliveries";

type Words = (typeof deliveries)["zh"] | (typeof deliveries)["en"];

export function columns(words: Words): readonly Column<DeliveryView>[] {
  return [
    { key: "target", title: words.target, width: 120, render: (row) => <Cut text={row.account} className="mono" /> },
    { key: "kind", title: words.kind, width: 140, render: (row) => <DeliveryKind kind={row.kind} /> },
    { key: "order", title: words.order, width: 200, render: (row) => <Cut text={subject(row)} className="mono" /> },
    { key: "state", title: words.state, width: 90, render: (row) => <StateTag state={row.state} /> },
    { key: "tries", title: words.tries, width: 64, align: "right", render: (row) => row.attempts },
    { key: "next", title: words.next, width: 110, render: (row) => (row.state === "due" ? <When at={row.due_at} /> : null) },
    { key: "error", title: words.error, render: (row) => <Fault text={row.last_error} /> },
    { key: "created", title: words.created, width: 110, render: (row) => <When at={row.created_at} /> },
  ];
}

export function card(row: DeliveryView, words: Words) {
  return (
    <>
      <span className="line"><StateTag state={row.state} /><span className="mono">{row.account}</span><When at={row.created_at} /></span>
      <span className="line"><DeliveryKind kind={row.kind} className="strong" /><span className="dim">{words.times(row.attempts)}</span></span>
      <span className="line dim"><Cut text={subject(row)} className="mono" /><Fault text={row.last_error} className="" /></span>
    </>
  );
}
