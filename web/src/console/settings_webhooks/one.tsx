/** One webhook endpoint: how it stands, what may be done with it, and its log. */
import { useState } from "react";
import { Button } from "antd";
import type { SubscriberView } from "@/api/generated/schema";
import { Ask } from "@/shared/ask";
import { Tag, When } from "@/shared/cells";
import { Fault } from "@/shared/cells/fault";
import { Once } from "@/shared/once";
import { useTitles } from "@/shared/titles";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { useWords } from "@/words/language";
import { webhooks } from "@/words/webhooks";
import { EndpointForm } from "./form";
import { useAct, useRenew } from "./queries";
import type { Act } from "./queries";

export function StateOf({ row }: { row: SubscriberView }) {
  const words = useWords(webhooks);
  return <Tag text={row.is_active ? words.on : words.off} tone={row.is_active ? "good" : ""} />;
}

export function waits(count: number, words: (typeof webhooks)["zh"] | (typeof webhooks)["en"]): string {
  return count > 1000 ? words.most : count.toLocaleString("en");
}

export function One({ row, onGone }: { row: SubscriberView; onGone: () => void }) {
  const words = useWords(webhooks);
  const title = useTitles();
  return (
    <section className="card">
      <header><h2 className="mono">{row.code}</h2><StateOf row={row} /><span className="soft">{row.title}</span></header>
      <div className="body stack">
        <dl className="kv">
          <dt>{words.url}</dt><dd className="mono">{row.url}</dd>
          <dt>{words.heard}</dt><dd>{row.heard_at ? <When at={row.heard_at} isExact /> : words.never}</dd>
          <dt>{words.waiting}</dt><dd className="figure">{waits(row.waiting, words)}</dd>
          <dt>{words.parked}</dt><dd className={row.parked ? "figure bad strong" : "figure"}>{waits(row.parked, words)}</dd>
          {row.role ? <><dt>{words.seesAs}</dt><dd>{title("roles", row.role)}</dd></> : null}
          {row.last_error ? <><dt>{words.error}</dt><dd className="soft"><Fault text={row.last_error} className="" /></dd></> : null}
          <dt>{words.secretAt}</dt><dd><When at={row.secret_at} /></dd>
        </dl>
        <Acts row={row} onGone={onGone} />
      </div>
    </section>
  );
}

type Asked = "off" | "remove" | "renew";

function Acts({ row, onGone }: { row: SubscriberView; onGone: () => void }) {
  const words = useWords(webhooks);
  const { failed, done } = useTold();
  const [asked, setAsked] = useState<Asked>();
  const [secret, setSecret] = useState("");
  const [isChanging, setChanging] = useState(false);
  const act = useAct(row.code);
  const renew = useRenew(row.code);
  if (!useMay()("accounts:write")) return null;
  const send = (what: Act, text: string, then?: () => void) => act.mutate(what, { onSuccess: () => { setAsked(undefined); done(text); then?.(); }, onError: failed });
  const acts: Record<Asked, { means: string; name: string; go: () => void }> = {
    off: { means: words.offMeans, name: words.turnOff, go: () => send("off", words.turned) },
    remove: { means: words.removeMeans, name: words.remove, go: () => send("remove", words.removed, onGone) },
    renew: { means: words.renewMeans, name: words.renew, go: () => renew.mutate(undefined, { onSuccess: (told) => { setAsked(undefined); setSecret(told.secret); }, onError: failed }) },
  };
  return (
    <>
      <div className="do">
        {row.is_active ? <Button type="primary" loading={act.isPending} onClick={() => send("ping", words.pinged)}>{words.ping}</Button> : <Button type="primary" onClick={() => send("on", words.turned)}>{words.turnOn}</Button>}
        <Button onClick={() => setChanging(true)}>{words.change}</Button>
        <Button onClick={() => setAsked("renew")}>{words.renew}</Button>
        {row.is_active ? <Button onClick={() => setAsked("off")}>{words.turnOff}</Button> : null}
        <Button danger onClick={() => setAsked("remove")}>{words.remove}</Button>
      </div>
      {asked ? <Ask means={acts[asked].means} act={`${acts[asked].name} ${row.code}`} isBusy={act.isPending || renew.isPending} onAct={acts[asked].go} onLeave={() => setAsked(undefined)} /> : null}
      {isChanging ? <EndpointForm known={row} onClose={() => setChanging(false)} /> : null}
      {secret ? <Once title={words.secretTitle} means={words.secretMeans} text={secret} done={words.keptIt} onClose={() => setSecret("")} /> : null}
    </>
  );
}
