/** A new user: name, role, and whether they sign in elsewhere. */
import { useState } from "react";
import { Checkbox, Form, Input, Modal, Select } from "antd";
import { asProblem } from "@/api/problem";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { useAdd, useRoles } from "./queries";

interface Typed { name: string; role: string; is_outside?: boolean }

export function Add({ onClose, onPassword }: { onClose: () => void; onPassword: (told: { name: string; password: string }) => void }) {
  const words = useWords(settings);
  const language = useLanguage();
  const [form] = Form.useForm<Typed>();
  const [trouble, setTrouble] = useState("");
  const roles = useRoles();
  const add = useAdd();
  const send = ({ name, role, is_outside }: Typed) => add.mutate({ name: name.trim(), role, is_outside: is_outside ?? false }, {
    onSuccess: (told) => { if (told.password) onPassword(told); onClose(); },
    onError: (error) => setTrouble(oneLanguage(asProblem(error).detail, language)),
  });
  const options = roles.data?.roles.map((one) => ({ value: one.name, label: one.title[language] }));
  return (
    <Modal open title={words.addUser} okText={words.add} okButtonProps={{ loading: add.isPending }} onOk={() => form.submit()} onCancel={onClose}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={send}>
        <p className="soft">{words.addMeans}</p>
        {trouble ? <p className="bad" role="alert">{trouble}</p> : null}
        <Form.Item name="name" label={words.name} rules={[{ required: true, whitespace: true, message: "" }]}><Input autoFocus autoComplete="off" maxLength={100} /></Form.Item>
        <Form.Item name="role" label={words.role} rules={[{ required: true, message: "" }]}><Select {...(options ? { options } : {})} loading={roles.isPending} /></Form.Item>
        <Form.Item name="is_outside" valuePropName="checked"><Checkbox>{words.outside}</Checkbox></Form.Item>
      </Form>
    </Modal>
  );
}
