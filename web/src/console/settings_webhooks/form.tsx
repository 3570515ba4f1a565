/** A webhook endpoint to add or change: code, name, address. */
import { useState } from "react";
import { Checkbox, Form, Input, Modal } from "antd";
import type { SubscriberView } from "@/api/generated/schema";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { webhooks } from "@/words/webhooks";
import { useAdd, useChange } from "./queries";
import type { Typed } from "./queries";

interface EndpointProps {
  known?: SubscriberView;
  onClose: () => void;
  onSecret?: (secret: string) => void;
}

export function EndpointForm({ known, onClose, onSecret }: EndpointProps) {
  const words = useWords(webhooks);
  const { wrong, done } = useTold();
  const may = useMay();
  const [form] = Form.useForm<Typed>();
  const [trouble, setTrouble] = useState("");
  const add = useAdd();
  const change = useChange(known?.code ?? "");
  const onError = (error: unknown) => setTrouble(wrong(error));
  const send = ({ code, title, url, allow_private }: Typed) => {
    const typed = { code: code.trim(), title: title.trim(), url: url.trim(), allow_private };
    if (known) change.mutate(typed, { onSuccess: () => { done(words.saved); onClose(); }, onError });
    else add.mutate(typed, { onSuccess: (told) => { onSecret?.(told.secret); onClose(); }, onError });
  };
  const start: Typed = { code: known?.code ?? "", title: known?.title ?? "", url: known?.url ?? "", allow_private: known?.is_private ?? false };
  return (
    <Modal
      open title={known ? `${words.change} ${known.code}` : words.add} okText={known ? words.save : words.add} onOk={() => form.submit()} onCancel={onClose}
      okButtonProps={{ loading: add.isPending || change.isPending }}
    >
      <Form form={form} layout="vertical" requiredMark={false} initialValues={start} onFinish={send}>
        {known ? null : <p className="soft">{words.means}</p>}
        {trouble ? <p className="bad" role="alert">{trouble}</p> : null}
        <Form.Item name="code" label={words.code} extra={known ? undefined : words.codeMeans} hidden={known !== undefined} rules={[{ required: true, pattern: /^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/, message: words.codeMeans }]}>
          <Input autoFocus autoComplete="off" maxLength={32} />
        </Form.Item>
        <Form.Item name="title" label={words.title}><Input maxLength={200} /></Form.Item>
        <Form.Item name="url" label={words.url} rules={[{ required: true, pattern: /^https?:\/\/\S+$/, message: "https://…" }]}><Input placeholder="https://" maxLength={2000} /></Form.Item>
        <Form.Item name="allow_private" valuePropName="checked" hidden={!may("admin")}><Checkbox>{words.inside}</Checkbox></Form.Item>
      </Form>
    </Modal>
  );
}
