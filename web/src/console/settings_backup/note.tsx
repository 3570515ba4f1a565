/** Notes a backup or a drill that was done by hand. */
import { useState } from "react";
import { Form, Input, InputNumber, Modal, Radio } from "antd";
import { useTold } from "@/shared/told";
import { backup } from "@/words/backup";
import { useWords } from "@/words/language";
import { useNote } from "./queries";
import type { Typed } from "./queries";

const START: Typed = { kind: "backup", is_good: true, seconds: 0, bytes: 0, place: "", detail: "" };

export function Note({ onClose }: { onClose: () => void }) {
  const words = useWords(backup);
  const { wrong, done } = useTold();
  const [form] = Form.useForm<Typed>();
  const [trouble, setTrouble] = useState("");
  const note = useNote();
  const send = (typed: Typed) => note.mutate({ ...START, ...typed, seconds: typed.seconds || 0, bytes: typed.bytes || 0 }, {
    onSuccess: () => { done(words.noted); onClose(); }, onError: (error) => setTrouble(wrong(error)),
  });
  return (
    <Modal open title={words.note} okText={words.note} okButtonProps={{ loading: note.isPending }} onOk={() => form.submit()} onCancel={onClose}>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={START} onFinish={send}>
        {trouble ? <p className="bad" role="alert">{trouble}</p> : null}
        <Form.Item name="kind" label={words.kind}><Radio.Group options={[{ value: "backup", label: words.backup }, { value: "drill", label: words.drill }]} /></Form.Item>
        <Form.Item name="is_good" label={words.result}><Radio.Group options={[{ value: true, label: words.isGood }, { value: false, label: words.failed }]} /></Form.Item>
        <Form.Item name="place" label={words.place}><Input maxLength={500} /></Form.Item>
        <Form.Item name="bytes" label={words.bytes}><InputNumber min={0} precision={0} /></Form.Item>
        <Form.Item name="seconds" label={words.seconds}><InputNumber min={0} max={604800} precision={0} /></Form.Item>
        <Form.Item name="detail" label={words.detail}><Input maxLength={500} /></Form.Item>
      </Form>
    </Modal>
  );
}
