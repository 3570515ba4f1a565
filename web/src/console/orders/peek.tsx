/** One row looked at beside the list, without leaving it. */
import { Button, Drawer } from "antd";
import type { OrderRow } from "@/api/generated/schema";
import { CopyButton, Limit, Money, OrderNumber, Receiver, Tags, When } from "@/shared/cells";
import { useTitles } from "@/shared/titles";
import { useWords } from "@/words/language";
import { orders } from "@/words/orders";
import { GoodsCell, Stage } from "./columns";

export function Peek({ row, onClose, onOpen }: { row: OrderRow; onClose: () => void; onOpen: () => void }) {
  const words = useWords(orders);
  const title = useTitles();
  return (
    <Drawer open mask={false} size={640} title={<span className="line"><OrderNumber number={row.number} channel={row.channel} /><CopyButton text={row.number} /></span>} onClose={onClose}>
      <div className="stack">
        <Stage row={row} />
        <dl className="kv">
          {row.limit ? <><dt>{words.limit}</dt><dd><Limit due={row.limit.at} began={row.limit.since} /></dd></> : null}
          <dt>{words.goods}</dt><dd><GoodsCell row={row} /></dd>
          <dt>{words.paid}</dt><dd><Money minor={row.paid} currency={row.currency} /></dd>
          {row.receiver ? <><dt>{words.receiver}</dt><dd><Receiver name={row.receiver.name} city={row.receiver.city} /></dd></> : null}
          {row.hold ? <><dt>{words.holdReason}</dt><dd>{title("holds", row.hold.type)} · {row.hold.reason}</dd></> : null}
          {row.warehouses?.length ? <><dt>{words.warehouses}</dt><dd>{row.warehouses.join(" ")}</dd></> : null}
          {row.waybills?.length ? <><dt>{words.waybills}</dt><dd className="mono">{row.waybills.map((one) => `${title("carriers", one.carrier)} ${one.waybill}`).join(" ")}</dd></> : null}
          {row.tags?.length ? <><dt>{words.tags}</dt><dd><Tags tags={row.tags ?? []} /></dd></> : null}
          <dt>{words.external}</dt><dd className="mono">{row.external_id}</dd>
          <dt>{words.placed}</dt><dd><When at={row.placed_at} isExact /></dd>
        </dl>
        <div className="do"><Button type="primary" onClick={onOpen}>{words.open}</Button></div>
      </div>
    </Drawer>
  );
}
