/** Where recipients are reached: messengers to try, addresses to keep and to forget. */
import type { ReactNode } from "react";
import { useState } from "react";
import { Button, Checkbox, Form, Input, Modal, Select } from "antd";
import { Link } from "@tanstack/react-router";
import type { MessengerAccount, NotificationRules, RecipientAddress } from "@/api/generated/schema";
import { Cut, Tag, When } from "@/shared/cells";
import { Empty } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { useTitles } from "@/shared/titles";
import { useTold } from "@/shared/told";
import { useWords } from "@/words/language";
import { notifications } from "@/words/notifications";
import { useForget, useKeep, useRecipients, useTrial } from "./queries";
import type { Typed } from "./queries";
import { useCalled } from "./rules";

const IN_ROOM = "-";

export function People({ found }: { found: NotificationRules }) {
  const words = useWords(notifications);
  const query = useRecipients(true);
  const [isAdding, setAdding] = useState(false);
  if (found.messengers.length === 0) {
    return <section className="card"><Empty title={words.noMessenger} text={words.noMessengerMeans} action={<Link to="/connections/new"><Button type="primary">{words.connect}</Button></Link>} /></section>;
  }
  const add = <Button type="primary" onClick={() => setAdding(true)}>{words.addAddress}</Button>;
  return (
    <div className="col">
      <section className="card">
        <h2>{words.messenger}</h2>
        <ul className="body stack">{found.messengers.map((one) => <Messenger key={one.account} one={one} />)}</ul>
      </section>
      <section className="card">
        <header><h2>{words.people}</h2><span className="grow" />{query.data?.recipients.length ? add : null}</header>
        <Show query={query}>{({ recipients }) => <Addresses rows={recipients} found={found} add={add} />}</Show>
      </section>
      {isAdding ? <AddressForm found={found} onClose={() => setAdding(false)} /> : null}
    </div>
  );
}

function Messenger({ one }: { one: MessengerAccount }) {
  const words = useWords(notifications);
  const title = useTitles();
  return (
    <li className="line">
      <Link to="/connections/$code" params={{ code: one.account }} className="mono">{one.account}</Link><span>{title("connectors", one.connector)}</span>
      <Tag text={one.is_room ? words.isRoom : words.isPersons} /><span className="grow" />{one.is_room ? <Trial account={one.account} recipient="" /> : null}
    </li>
  );
}

function Trial({ account, recipient }: { account: string; recipient: string }) {
  const words = useWords(notifications);
  const { failed, done } = useTold();
  const trial = useTrial();
  return (
    <Button size="small" aria-label={`${words.trial} ${recipient} ${account}`} loading={trial.isPending} onClick={() => trial.mutate({ account, recipient }, { onSuccess: () => done(words.trialSent), onError: failed })}>
      {words.trial}
    </Button>
  );
}

function Addresses({ rows, found, add }: { rows: readonly RecipientAddress[]; found: NotificationRules; add: ReactNode }) {
  const words = useWords(notifications);
  const called = useCalled(found);
  const { failed, done } = useTold();
  const forget = useForget();
  const drop = (row: RecipientAddress) => forget.mutate({ recipient: row.recipient, account: row.account }, { onSuccess: () => done(words.forgotten), onError: failed });
  const isRoom = (row: RecipientAddress) => found.messengers.find((one) => one.account === row.account)?.is_room;
  const acts = (row: RecipientAddress) => (
    <span className="line">
      {isRoom(row) === false ? <Trial account={row.account} recipient={row.recipient} /> : null}
      <Button size="small" danger aria-label={`${words.forget} ${row.recipient} ${row.account}`} onClick={() => drop(row)}>{words.forget}</Button>
    </span>
  );
  const shown = (row: RecipientAddress) => (isRoom(row) ? words.inRoom : row.address);
  const columns: Column<RecipientAddress>[] = [
    { key: "who", title: words.recipient, width: 180, render: (row) => <Cut text={called(row.recipient)} /> },
    { key: "by", title: words.messenger, width: 140, render: (row) => <Cut text={row.account} className="mono" /> },
    { key: "address", title: words.address, render: (row) => <Cut text={shown(row)} /> },
    { key: "kept", title: words.keptAt, width: 120, render: (row) => <When at={row.kept_at} /> },
    { key: "by_whom", title: words.keptBy, width: 130, render: (row) => <Cut text={row.kept_by.replace(/^(user|token):/, "")} /> },
    { key: "do", title: "", width: 190, align: "right", render: acts },
  ];
  const asCard = (row: RecipientAddress) => (
    <><span className="line"><b>{called(row.recipient)}</b><span className="mono">{row.account}</span></span><span className="line"><Cut text={shown(row)} className="soft" />{acts(row)}</span></>
  );
  return <List label={words.people} columns={columns} rows={rows} keyOf={(row) => `${row.recipient} ${row.account}`} card={asCard} empty={<Empty title={words.noAddress} text={words.noAddressMeans} action={add} />} />;
}

function AddressForm({ found, onClose }: { found: NotificationRules; onClose: () => void }) {
  const words = useWords(notifications);
  const called = useCalled(found);
  const { wrong, done } = useTold();
  const [form] = Form.useForm<Typed>();
  const account = Form.useWatch("account", form);
  const [trouble, setTrouble] = useState("");
  const keep = useKeep();
  const isRoom = found.messengers.find((one) => one.account === account)?.is_room === true;
  const send = (typed: Typed) => keep.mutate({ ...typed, address: isRoom ? IN_ROOM : typed.address.trim() }, {
    onSuccess: () => { done(words.kept); onClose(); }, onError: (error) => setTrouble(wrong(error)),
  });
  const people = found.recipients.filter((one) => one.members.length === 0).map((one) => ({ value: one.name, label: called(one.name) }));
  return (
    <Modal open title={words.addAddress} okText={words.addAddress} okButtonProps={{ loading: keep.isPending }} onOk={() => form.submit()} onCancel={onClose}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={send}>
        {trouble ? <p className="bad" role="alert">{trouble}</p> : null}
        <Form.Item name="recipient" label={words.recipient} rules={[{ required: true, message: words.recipient }]}><Select options={people} showSearch={{ optionFilterProp: "label" }} /></Form.Item>
        <Form.Item name="account" label={words.messenger} rules={[{ required: true, message: words.messenger }]}><Select options={found.messengers.map((one) => ({ value: one.account, label: one.account }))} /></Form.Item>
        {isRoom ? <Checkbox checked disabled>{words.inRoom}</Checkbox> : <Form.Item name="address" label={words.address} extra={words.addressMeans} rules={[{ required: true, whitespace: true, message: words.addressMeans }]}><Input autoComplete="off" maxLength={200} /></Form.Item>}
      </Form>
    </Modal>
  );
}
