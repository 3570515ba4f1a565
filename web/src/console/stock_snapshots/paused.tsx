/** Whose new orders wait since a snapshot, until when, and letting them go on earlier. */
import { useState } from "react";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import type { SnapshotView } from "@/api/generated/schema";
import { Limit, When } from "@/shared/cells";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { shared } from "@/words/shared";
import { snapshots } from "@/words/snapshots";
import { useRelease } from "./queries";

const SHOWN_MAX = 100;

export function Paused({ row }: { row: SnapshotView }) {
  const words = useWords(snapshots);
  const may = useMay();
  const more = row.tripped.length - SHOWN_MAX;
  return (
    <section className={row.paused_until ? "alert bad" : "alert info"}>
      <div className="stack">
        <h2>{row.paused_until ? words.pausedTitle : words.wasPaused(row.tripped.length)}</h2>
        {row.paused_until ? <p>{words.until} <When at={row.paused_until} isExact /> <Limit due={row.paused_until} /></p> : null}
        <p>{row.tripped.slice(0, SHOWN_MAX).map((sku) => <span key={sku}><Link to="/stock/$sku" params={{ sku }} className="mono">{sku}</Link> </span>)}{more > 0 ? `+${more}` : null}</p>
        {row.paused_until && may("stock:write") ? <Release row={row} /> : null}
      </div>
    </section>
  );
}

function Release({ row }: { row: SnapshotView }) {
  const words = useWords(snapshots);
  const common = useWords(shared);
  const tell = useTold();
  const release = useRelease(row.number);
  const [reason, setReason] = useState<string>();
  if (reason === undefined) return <div><Button onClick={() => setReason("")}>{words.release}</Button></div>;
  const isWhole = reason.trim().length >= 4;
  const send = () => release.mutate(reason.trim(), { onSuccess: (done) => tell.done(words.released(done.skus)), onError: tell.failed });
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (isWhole) send(); }}>
      <p>{words.releaseMeans}</p>
      <Input autoFocus value={reason} placeholder={common.reasonNeeded} aria-label={common.reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      <div className="line">
        <Button htmlType="submit" type="primary" disabled={!isWhole} loading={release.isPending}>{words.release}</Button>
        <Button onClick={() => setReason(undefined)}>{common.cancel}</Button>
      </div>
    </form>
  );
}
