/** A new token: what it is for, what it may, how long it lasts. */
import { useState } from "react";
import { Form, Input, InputNumber, Modal, Select } from "antd";
import { asProblem } from "@/api/problem";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { useMake, useScopes } from "./queries";

interface Typed { name: string; scopes?: string[]; days?: number | null; role?: string; limits?: Record<string, string[]> }

export function Make({ onClose, onMade }: { onClose: () => void; onMade: (token: string) => void }) {
  const words = useWords(settings);
  const language = useLanguage();
  const [form] = Form.useForm<Typed>();
  const [trouble, setTrouble] = useState("");
  const scopes = useScopes();
  const make = useMake();
  const role = Form.useWatch("role", form);
  const kinds = scopes.data?.roles.find((one) => one.name === role)?.limits ?? [];
  const send = ({ name, scopes: chosen, days, role: as, limits }: Typed) => make.mutate({
    name: name.trim(), scopes: chosen ?? [], days: days ?? null, role: as ?? "", limits: as ? limits ?? {} : {},
  }, {
    onSuccess: (told) => { onMade(told.token); onClose(); },
    onError: (error) => setTrouble(oneLanguage(asProblem(error).detail, language)),
  });
  const titleOf = (kind: string) => scopes.data?.limits.find((one) => one.name === kind)?.title[language] ?? kind;
  const roles = scopes.data?.roles.map((one) => ({ value: one.name, label: one.title[language] }));
  const options = scopes.data?.scopes.map((one) => ({ value: one.name, label: `${one.title[language]} · ${one.name}` }));
  return (
    <Modal open title={words.addToken} okText={words.add} okButtonProps={{ loading: make.isPending }} onOk={() => form.submit()} onCancel={onClose}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={send}>
        <p className="soft">{words.tokenMeans}</p>
        {trouble ? <p className="bad" role="alert">{trouble}</p> : null}
        <Form.Item name="name" label={words.name} rules={[{ required: true, whitespace: true, message: "" }]}><Input autoFocus maxLength={100} /></Form.Item>
        <Form.Item name="role" label={words.role} extra={words.tokenRole}>
          <Select allowClear {...(roles ? { options: roles } : {})} loading={scopes.isPending} />
        </Form.Item>
        {kinds.map((kind) => (
          <Form.Item key={kind} name={["limits", kind]} label={titleOf(kind)} initialValue={["*"]} extra={words.limitAll} rules={[{ required: true, message: "" }]}>
            <Select mode="tags" open={false} suffixIcon={null} />
          </Form.Item>
        ))}
        <Form.Item name="scopes" label={words.scopes} extra={role ? words.tokenScopes : undefined} rules={[{ required: !role, message: "" }]}>
          <Select mode="multiple" {...(options ? { options } : {})} loading={scopes.isPending} showSearch={{ optionFilterProp: "label" }} />
        </Form.Item>
        <Form.Item name="days" label={words.days} extra={words.forEver}><InputNumber min={1} max={3650} precision={0} /></Form.Item>
      </Form>
    </Modal>
  );
}
