/** One delivery beside a list: what is sent, what was answered try by try, and what a person may do about it. */
import { useState } from "react";
import { Button, Drawer, Input } from "antd";
import type { DeliveryDetail } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { useFault } from "@/shared/fault";
import { Show } from "@/shared/states/show";
import { useTold } from "@/shared/told";
import { useMay } from "@/shell/me";
import { useLanguage, useWords } from "@/words/language";
import { deliveries } from "@/words/deliveries";
import { shared } from "@/words/shared";
import { when } from "@/shared/when";
import { StateTag, subject, useKindOf } from "./state";
import { useDelivery, useGiveUp, useResend } from "./queries";

export function Detail({ id, onClose }: { id: string; onClose: () => void }) {
  const words = useWords(deliveries);
  const query = useDelivery(id);
  return (
    <Drawer open mask={false} size={640} title={words.title} onClose={onClose}>
      <Show query={query}>{(found) => <One found={found} />}</Show>
    </Drawer>
  );
}

function One({ found }: { found: DeliveryDetail }) {
  const words = useWords(deliveries);
  const language = useLanguage();
  const kindOf = useKindOf();
  const fault = useFault();
  const row = found.delivery;
  return (
    <div className="stack">
      <dl className="kv">
        <dt>{words.target}</dt><dd className="mono">{row.account}</dd>
        <dt>{words.kind}</dt><dd>{kindOf(row.kind)}</dd>
        <dt>{words.order}</dt><dd className="mono">{subject(row)}</dd>
        <dt>{words.state}</dt><dd><StateTag state={row.state} /> <span className="dim">{words.times(row.attempts)}</span></dd>
        {row.status ? <><dt>{words.status}</dt><dd className="mono">{row.status}</dd></> : null}
        <dt>{words.created}</dt><dd><When at={row.created_at} isExact /></dd>
        {row.done_at ? <><dt>{words.doneAt}</dt><dd><When at={row.done_at} isExact /></dd></> : null}
        {row.last_error ? <><dt>{words.error}</dt><dd title={row.last_error}>{fault(row.last_error)}</dd></> : null}
      </dl>
      <Acts id={row.id} state={row.state} />
      <h3>{words.body}</h3>
      {found.pruned ? <p className="dim">{words.pruned(when(found.pruned.at, language))}</p> : <pre className="code">{shown(found.body)}</pre>}
      {found.answer ? <><h3>{words.answer}</h3><pre className="code">{shown(found.answer)}</pre></> : null}
      {found.tries.length > 0 ? <h3>{words.failedTries}</h3> : null}
      {found.tries.map((one) => <p key={one.at}><When at={one.at} isExact /> <span className="soft">{one.error}</span></p>)}
      {found.history.length > 0 ? <h3>{words.history}</h3> : null}
      {found.history.map((one) => <p key={one.at}><When at={one.at} /> {one.by} · {one.reason}</p>)}
    </div>
  );
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function Acts({ id, state }: { id: string; state: string }) {
  const words = useWords(deliveries);
  const common = useWords(shared);
  const told = useTold();
  const [reason, setReason] = useState<string>();
  const [resend, giveUp] = [useResend(), useGiveUp()];
  if (!useMay()("deliveries:write") || state === "due") return null;
  const done = (text: string) => () => told.done(text);
  return (
    <div className="stack">
      <div className="do">
        <Button type="primary" loading={resend.isPending} onClick={() => resend.mutate(id, { onSuccess: done(words.resent), onError: told.failed })}>{words.resend}</Button>
        {state === "parked" ? <Button danger onClick={() => setReason("")}>{words.giveUp}</Button> : null}
      </div>
      {reason === undefined ? null : (
        <>
          <p className="dim">{words.giveUpMeans}</p>
          <Input autoFocus value={reason} aria-label={common.reason} placeholder={common.reasonNeeded} maxLength={500} onChange={(event) => setReason(event.target.value)} />
          <div className="do">
            <Button danger disabled={reason.trim().length < 4} loading={giveUp.isPending} onClick={() => giveUp.mutate({ id, reason }, { onSuccess: done(words.givenUp), onError: told.failed })}>{words.giveUp}</Button>
            <Button onClick={() => setReason(undefined)}>{common.cancel}</Button>
          </div>
        </>
      )}
    </div>
  );
}
