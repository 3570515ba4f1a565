/** A warehouse to add or change: where it is, which system runs it, who is given work first, how much a day. */
import { useState } from "react";
import { Button, Form, Input, InputNumber, Select } from "antd";
import type { WarehouseStanding } from "@/api/generated/schema";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { places } from "@/words/places";
import { useKeep, useSystems } from "./queries";
import type { Typed } from "./queries";

const NEW: Typed = { code: "", name: "", country: "CN", province: "", city: "", account: "", priority: 10, daily_capacity: 1_000_000, serves: [] };

export function HouseForm({ known, onKept }: { known?: WarehouseStanding | undefined; onKept: () => void }) {
  const words = useWords(places);
  const { wrong, done } = useTold();
  const [trouble, setTrouble] = useState("");
  const systems = useSystems(useMay()("accounts:read"));
  const keep = useKeep();
  const send = (typed: Typed) => keep.mutate({ ...typed, code: known?.code ?? typed.code.trim(), country: typed.country.toUpperCase() }, {
    onSuccess: () => { setTrouble(""); done(words.saved); onKept(); }, onError: (error) => setTrouble(wrong(error)),
  });
  const start: Typed = known ? { ...NEW, ...known, account: known.account ?? "" } : NEW;
  const options = [{ value: "", label: words.byHand }, ...(systems.data?.accounts ?? []).map((one) => ({ value: one.code, label: `${one.code} ${one.title}` }))];
  return (
    <Form layout="vertical" requiredMark={false} initialValues={start} onFinish={send}>
      {trouble ? <p className="bad" role="alert">{trouble}</p> : null}
      {known ? null : <Form.Item name="code" label={words.code} extra={words.codeMeans} rules={[{ required: true, whitespace: true, message: words.codeMeans }]}><Input autoFocus autoComplete="off" maxLength={64} /></Form.Item>}
      <Form.Item name="name" label={words.name}><Input maxLength={200} /></Form.Item>
      <Form.Item name="account" label={words.system}><Select options={options} loading={systems.isFetching} showSearch={{ optionFilterProp: "label" }} /></Form.Item>
      <Form.Item name="country" label={words.country} rules={[{ required: true, len: 2, message: words.country }]}><Input maxLength={2} /></Form.Item>
      <Form.Item name="province" label={words.province}><Input maxLength={100} /></Form.Item>
      <Form.Item name="city" label={words.city} extra={words.cityMeans}><Input maxLength={100} /></Form.Item>
      <Form.Item name="serves" label={words.serves} extra={words.servesMeans}><Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", "，", "、", " "]} /></Form.Item>
      <Form.Item name="priority" label={words.priority} extra={words.priorityMeans}><InputNumber min={0} max={100} precision={0} /></Form.Item>
      <Form.Item name="daily_capacity" label={words.capacity} extra={words.capacityMeans}><InputNumber min={0} max={1_000_000_000} precision={0} /></Form.Item>
      <Button type="primary" htmlType="submit" loading={keep.isPending}>{known ? words.save : words.addHouse}</Button>
    </Form>
  );
}
