/** What became of the decisions of each rule set. */
import type { ArmView } from "@/api/generated/schema";
import { Empty } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { amount } from "@/shared/money";
import { useWords } from "@/words/language";
import { sourcing } from "@/words/sourcing";
import { useArms } from "./queries";

type Words = (typeof sourcing)["zh"] | (typeof sourcing)["en"];
const keyOf = (row: ArmView) => `${row.arm} ${row.rule}`;

export function Arms() {
  const words = useWords(sourcing);
  const query = useArms();
  return (
    <section className="card">
      <h2>{words.arms}</h2>
      <Show query={query}>
        {(found) => (
          <List
            label={words.arms} columns={columns(words)} rows={found.arms} keyOf={keyOf}
            card={(row) => asCard(row, words)}
            empty={<Empty title={words.noArms} text={words.noArmsText} />}
          />
        )}
      </Show>
    </section>
  );
}

function asCard(row: ArmView, words: Words) {
  return <span className="line"><span className="strong">{row.arm || words.one}</span><span>{row.rule}</span><span className="grow" /><span>{`${words.onTime} ${share(row.on_time, row)}`}</span></span>;
}

function share(count: number, row: ArmView): string {
  return `${Math.round((count * 1000) / row.orders) / 10} %`;
}

function columns(words: Words): Column<ArmView>[] {
  return [
    { key: "arm", title: words.arm, render: (row) => row.arm || words.one },
    { key: "rule", title: words.rule, width: 160, render: (row) => <span className="mono">{row.rule}</span> },
    { key: "orders", title: words.orders, width: 100, align: "right", render: (row) => row.orders.toLocaleString("en") },
    { key: "on_time", title: words.onTime, width: 100, align: "right", render: (row) => share(row.on_time, row) },
    { key: "split", title: words.split, width: 100, align: "right", render: (row) => share(row.split, row) },
    { key: "returned", title: words.returned, width: 100, align: "right", render: (row) => share(row.returned, row) },
    { key: "parcels", title: words.parcels, width: 100, align: "right", render: (row) => row.parcels.toLocaleString("en") },
    { key: "cost", title: words.cost, width: 120, align: "right", render: (row) => (row.cost === null ? "–" : amount(Math.round(row.cost / row.orders), "CNY")) },
  ];
}
