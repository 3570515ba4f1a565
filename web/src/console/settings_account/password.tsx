/** Change one's own password; every other sign-in ends. */
import { useState } from "react";
import { App, Button, Form, Input } from "antd";
import { asProblem } from "@/api/problem";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { usePassword } from "./queries";

interface Typed { old: string; fresh: string; again: string }

export function Password() {
  const words = useWords(settings);
  const language = useLanguage();
  const { message } = App.useApp();
  const [form] = Form.useForm<Typed>();
  const [trouble, setTrouble] = useState("");
  const change = usePassword();
  const send = ({ old, fresh, again }: Typed) => {
    if (fresh !== again) return setTrouble(words.differs);
    setTrouble("");
    change.mutate({ old, new: fresh }, {
      onSuccess: () => { form.resetFields(); void message.success(words.passwordChanged); },
      onError: (error) => setTrouble(oneLanguage(asProblem(error).detail, language)),
    });
  };
  return (
    <section className="card">
      <h2>{words.password}</h2>
      <Form form={form} layout="vertical" className="body" requiredMark={false} onFinish={send}>
        <p className="say">{words.passwordMeans}</p>
        {trouble ? <p className="bad" role="alert">{trouble}</p> : null}
        <Form.Item name="old" label={words.oldPassword} rules={[{ required: true, message: "" }]}><Input.Password autoComplete="current-password" maxLength={200} /></Form.Item>
        <Form.Item name="fresh" label={words.newPassword} rules={[{ required: true, min: 12, message: words.passwordMeans }]}><Input.Password autoComplete="new-password" maxLength={200} /></Form.Item>
        <Form.Item name="again" label={words.again} rules={[{ required: true, message: "" }]}><Input.Password autoComplete="new-password" maxLength={200} /></Form.Item>
        <Button htmlType="submit" loading={change.isPending}>{words.changePassword}</Button>
      </Form>
    </section>
  );
}
