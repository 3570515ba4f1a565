/** A wave by rule: of which warehouse, picked how, of how many works at most. */
import { useState } from "react";
import { Button, Drawer, Form, Input, InputNumber, Select } from "antd";
import type { WaveWish } from "@/api/generated/schema";
import { useWarehouses } from "@/console/stock/queries";
import { useTold } from "@/shared/told";
import { useWords } from "@/words/language";
import { waves } from "@/words/waves";
import { usePlan } from "./queries";

const KINDS = ["discrete", "single_item", "same_sku", "cluster", "batch_sort"] as const;
const RULE: WaveWish["rule"] = { kind: "discrete", group_by: "", carrier: "", zone: "", orders_max: 30, lines_max: 200, slots_max: 12, same_min: 2, slack_minutes: 0 };

export function Plan({ onClose, onDone }: { onClose: () => void; onDone: (number: string) => void }) {
  const words = useWords(waves);
  const tell = useTold();
  const plan = usePlan();
  const houses = useWarehouses().data?.warehouses.filter((one) => one.is_floor) ?? [];
  const [chosen, setChosen] = useState<string>();
  const [rule, setRule] = useState(RULE);
  const warehouse = chosen ?? houses[0]?.code;
  const make = (isReleased: boolean) => {
    if (warehouse) plan.mutate({ warehouse, works: [], rule, is_released: isReleased }, { onSuccess: (found) => { tell.done(words.made(found.number)); onDone(found.number); }, onError: tell.failed });
  };
  return (
    <Drawer open title={words.plan} size={440} onClose={onClose}>
      <Form layout="vertical" onFinish={() => make(true)}>
        <p className="dim">{words.planMeans}</p>
        <Form.Item label={words.warehouse}>
          <Select aria-label={words.warehouse} value={warehouse} notFoundContent={words.noHouse} options={houses.map((one) => ({ value: one.code, label: one.name || one.code }))} onChange={setChosen} />
        </Form.Item>
        <Form.Item label={words.kind}>
          <Select aria-label={words.kind} value={rule.kind} options={KINDS.map((kind) => ({ value: kind, label: words[kind] }))} onChange={(kind) => setRule({ ...rule, kind })} />
        </Form.Item>
        <Form.Item label={words.orders} htmlFor="wave-orders">
          <InputNumber id="wave-orders" min={1} max={500} precision={0} value={rule.orders_max} onChange={(orders) => setRule({ ...rule, orders_max: orders ?? 1 })} />
        </Form.Item>
        <Form.Item label={words.carrier} htmlFor="wave-carrier">
          <Input id="wave-carrier" maxLength={60} value={rule.carrier} onChange={(event) => setRule({ ...rule, carrier: event.target.value.trim() })} />
        </Form.Item>
        <div className="do">
          <Button type="primary" htmlType="submit" loading={plan.isPending} disabled={!warehouse}>{words.planNow}</Button>
          <Button disabled={!warehouse} onClick={() => make(false)}>{words.planOnly}</Button>
        </div>
      </Form>
    </Drawer>
  );
}
