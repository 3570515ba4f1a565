/** How goods could come to a place: what sourcing would take is on top. */
import { useState } from "react";
import { Button, Form, Input } from "antd";
import type { DeliveryOption } from "@/api/generated/schema";
import { Cut, Tag, When } from "@/shared/cells";
import { amount } from "@/shared/money";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { useLanguage, useWords } from "@/words/language";
import { sourcing } from "@/words/sourcing";
import { useOptions } from "./queries";
import type { OptionWish } from "./queries";
import "./try.css";

type Words = (typeof sourcing)["zh"] | (typeof sourcing)["en"];
interface Typed { province: string; city: string; goods: string }
const keyOf = (row: DeliveryOption) => `${row.service}/${row.warehouse}`;

export function Try() {
  const words = useWords(sourcing);
  const [wish, setWish] = useState<OptionWish>();
  const query = useOptions(wish);
  const ask = (typed: Typed) => setWish({ province: typed.province.trim(), city: typed.city.trim(), sku: typed.goods.split(/[\s,，;；]+/).filter(Boolean) });
  return (
    <section className="card">
      <h2>{words.trial}</h2>
      <Form layout="inline" className="body trial-form" requiredMark={false} initialValues={{ province: "", city: "", goods: "" }} onFinish={ask}>
        <Form.Item name="province" rules={[{ required: true, whitespace: true, message: words.province }]}><Input aria-label={words.province} placeholder={words.province} maxLength={40} /></Form.Item>
        <Form.Item name="city"><Input aria-label={words.city} placeholder={words.city} maxLength={40} /></Form.Item>
        <Form.Item name="goods" rules={[{ required: true, whitespace: true, message: words.goods }]}><Input aria-label={words.goods} placeholder={words.goods} maxLength={2000} /></Form.Item>
        <Button htmlType="submit" loading={query.isFetching}>{words.tryIt}</Button>
      </Form>
      {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} /> : null}
      {wish && !query.error ? (
        <List
          label={words.trial} columns={columns(words)} rows={query.data?.options} keyOf={keyOf} card={(row) => asCard(row, words)}
          empty={<Empty title={words.noWay} text={words.noWayText} />}
        />
      ) : null}
    </section>
  );
}

function asCard(row: DeliveryOption, words: Words) {
  return (
    <>
      <span className="line"><Method row={row} words={words} /><span className="grow" /><When at={row.promised_at} /></span>
      <span className="line soft"><span className="mono">{row.warehouse}</span><span>{freight(row)}</span></span>
    </>
  );
}

function Method({ row, words }: { row: DeliveryOption; words: Words }) {
  const title = row.title[useLanguage()];
  return <span className="line"><span>{words[`m_${row.method}`]}</span><Cut text={title} />{row.is_recommended ? <Tag text={words.recommended} tone="good" /> : null}</span>;
}

function freight(row: DeliveryOption): string {
  return row.cost === null ? "–" : amount(row.cost, "CNY");
}

function columns(words: Words): Column<DeliveryOption>[] {
  return [
    { key: "method", title: words.method, render: (row) => <Method row={row} words={words} /> },
    { key: "warehouse", title: words.house, width: 120, render: (row) => <span className="mono">{row.warehouse}</span> },
    { key: "km", title: words.km, width: 100, align: "right", render: (row) => (row.distance_km === null ? "–" : row.distance_km.toLocaleString("en")) },
    { key: "cost", title: words.freight, width: 120, align: "right", render: freight },
    { key: "promised", title: words.promised, width: 150, render: (row) => <When at={row.promised_at} /> },
  ];
}
