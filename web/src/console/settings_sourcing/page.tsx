/** Sourcing: regions that carriers have stopped, and rule sets beside each other. The rules are written in the blueprint. */
import type { ReactNode } from "react";
import { useState } from "react";
import { Button, Drawer, Form, Input } from "antd";
import type { StopView } from "@/api/generated/schema";
import { Ask } from "@/shared/ask";
import { Cut, Tag, When } from "@/shared/cells";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { SettingsPage } from "@/shell/settings";
import { useWords } from "@/words/language";
import { sourcing } from "@/words/sourcing";
import { Arms } from "./arms";
import { useResume, useStop, useStops } from "./queries";
import type { StopTyped } from "./queries";
import { Try } from "./try";

type Words = (typeof sourcing)["zh"] | (typeof sourcing)["en"];
const keyOf = (row: StopView) => row.number;

export default function Sourcing() {
  const words = useWords(sourcing);
  const query = useStops();
  const may = useMay()("orders:hold");
  const [isAdding, setAdding] = useState(false);
  const [asked, setAsked] = useState<StopView>();
  const rows = query.data?.stops;
  const add = may ? <Button type="primary" onClick={() => setAdding(true)}>{words.add}</Button> : null;
  const turn = (row: StopView) => (may && !row.ended_at ? <Button size="small" onClick={() => setAsked(row)}>{words.resume}</Button> : null);
  return (
    <SettingsPage title={words.title} actions={rows?.length === 0 ? null : add}>
      <div className="col">
        <p className="say">{words.how}</p>
        {asked ? <Resume row={asked} onDone={() => setAsked(undefined)} /> : null}
        <section className="card">
          <h2>{words.stops}</h2>
          {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
          {query.error && !rows ? null : (
            <List
              label={words.stops} columns={[...columns(words), { key: "do", title: "", width: 100, align: "right", render: turn }]} rows={rows} keyOf={keyOf}
              card={(row) => asCard(row, turn)}
              empty={<Empty title={words.none} text={words.noneText} action={add} />}
            />
          )}
        </section>
        <Try />
        <Arms />
      </div>
      {isAdding ? <Drawer open mask={false} size={480} title={words.add} onClose={() => setAdding(false)}><StopForm onKept={() => setAdding(false)} /></Drawer> : null}
    </SettingsPage>
  );
}

function asCard(row: StopView, turn: (row: StopView) => ReactNode) {
  return (
    <>
      <span className="line"><span className="mono strong">{row.number}</span><Cut text={row.region} /><State row={row} /></span>
      <span className="line soft"><Cut text={row.reason} /><span className="grow" />{turn(row)}</span>
    </>
  );
}

function State({ row }: { row: StopView }) {
  const words = useWords(sourcing);
  return row.ended_at ? <Tag text={words.ended} /> : <Tag text={words.inForce} tone="bad" />;
}

function columns(words: Words): Column<StopView>[] {
  return [
    { key: "number", title: words.number, width: 80, render: (row) => <span className="mono">{row.number}</span> },
    { key: "carrier", title: words.carrier, width: 120, render: (row) => (row.carrier ? <Cut text={row.carrier} /> : <span className="dim">{words.every}</span>) },
    { key: "region", title: words.region, width: 160, render: (row) => <Cut text={row.region} /> },
    { key: "reason", title: words.reason, render: (row) => <Cut text={row.reason} /> },
    { key: "from", title: words.from, width: 120, render: (row) => <When at={row.begins_at} /> },
    { key: "until", title: words.until, width: 120, render: (row) => (row.ends_at ? <When at={row.ends_at} /> : <span className="dim">{words.open}</span>) },
    { key: "source", title: words.source, width: 90, render: (row) => (row.source === "tracking" ? words.tracking : words.hand) },
    { key: "by", title: words.by, width: 100, render: (row) => <Cut text={row.told_by} /> },
    { key: "state", title: "", width: 90, render: (row) => <State row={row} /> },
  ];
}

function Resume({ row, onDone }: { row: StopView; onDone: () => void }) {
  const words = useWords(sourcing);
  const resume = useResume();
  const { done, wrong } = useTold();
  const act = () => resume.mutate(row.number, { onSuccess: () => { done(words.resumed); onDone(); }, onError: (error) => { wrong(error); } });
  return <Ask means={`${row.number} ${row.region}: ${words.resumeMeans}`} act={words.resume} isBusy={resume.isPending} onAct={act} onLeave={onDone} />;
}

function StopForm({ onKept }: { onKept: () => void }) {
  const words = useWords(sourcing);
  const stop = useStop();
  const { done, wrong } = useTold();
  const [trouble, setTrouble] = useState("");
  const send = (typed: StopTyped) => stop.mutate(typed, {
    onSuccess: (kept) => { done(words.stopped(kept.number)); onKept(); }, onError: (error) => setTrouble(wrong(error)),
  });
  return (
    <Form layout="vertical" requiredMark={false} initialValues={{ region: "", carrier: "", reason: "" }} onFinish={send}>
      {trouble ? <p className="bad" role="alert">{trouble}</p> : null}
      <Form.Item name="region" label={words.region} extra={words.regionMeans} rules={[{ required: true, whitespace: true, message: words.regionMeans }]}><Input autoFocus autoComplete="off" maxLength={100} /></Form.Item>
      <Form.Item name="carrier" label={words.carrier} extra={words.carrierMeans}><Input autoComplete="off" maxLength={100} /></Form.Item>
      <Form.Item name="reason" label={words.reason} rules={[{ required: true, whitespace: true, message: words.reason }]}><Input.TextArea maxLength={500} rows={2} /></Form.Item>
      <Button type="primary" htmlType="submit" loading={stop.isPending}>{words.add}</Button>
    </Form>
  );
}
