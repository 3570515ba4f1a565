/** The bar of what is chosen: the same done to many, each for itself; what was refused stays chosen. */
import { useState } from "react";
import { Button, Input, Select } from "antd";
import type { CaseBulkRequest } from "@/api/generated/schema";
import { useChosen } from "@/shared/table/selection";
import type { Selection } from "@/shared/table/selection";
import { useTitles } from "@/shared/titles";
import { useTold } from "@/shared/told";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { cases } from "@/words/cases";
import { shared } from "@/words/shared";
import { useBulk } from "./queries";
import { Together } from "./together";

const ROLES = ["service", "warehouse", "finance", "operations", "management", "administrator"];
type Ask = Omit<CaseBulkRequest, "ids">;
const ASK: Ask = { verb: "take", owner: "", person: "", until: null, reason: "" };

export function useAct(ids: readonly string[], onDone?: (rows: readonly { id: string; code: string }[]) => void) {
  const words = useWords(cases);
  const language = useLanguage();
  const told = useTold();
  const bulk = useBulk();
  return (ask: Partial<Ask>) =>
    bulk.mutate({ ...ASK, ...ask, ids: [...ids] }, {
      onSuccess: (done) => {
        const refused = done.rows.find((row) => row.code !== "");
        if (refused) told.warn(`${words.bulkDone(done.done, done.refused)} · ${oneLanguage(refused.detail, language)}`);
        else told.done(words.bulkDone(done.done, 0));
        onDone?.(done.rows);
      },
      onError: told.failed,
    });
}

/** When a case comes back to my queue. */
export function later(choice: "1h" | "4h" | "day", now = new Date()): string {
  const at = new Date(now);
  if (choice === "day") {
    at.setDate(at.getDate() + 1);
    at.setHours(9, 0, 0, 0);
  } else at.setHours(at.getHours() + (choice === "1h" ? 1 : 4));
  return at.toISOString();
}

export function Bulk({ selection, isClosed }: { selection: Selection; isClosed: boolean }) {
  const words = useWords(cases);
  const common = useWords(shared);
  const ids = useChosen(selection);
  const [asked, setAsked] = useState<"assign" | "resolve" | "reopen">();
  const [mending, setMending] = useState<readonly string[]>();
  const act = useAct(ids, (rows) => {
    setAsked(undefined);
    selection.page(rows.filter((row) => row.code === "").map((row) => row.id), false);
  });
  const together = mending ? <Together chosen={{ ids: [...mending], pile: null }} onClose={() => setMending(undefined)} onDone={() => selection.clear()} /> : null;
  if (ids.length === 0 || mending) return together;
  return (
    <div className="bulk" role="region" aria-label={common.chosen(ids.length)}>
      <b>{common.chosen(ids.length)}</b>
      {asked ? (
        <Ask asked={asked} onAct={act} onCancel={() => setAsked(undefined)} />
      ) : isClosed ? (
        <Button onClick={() => setAsked("reopen")}>{words.reopen}</Button>
      ) : (
        <>
          <Button type="primary" onClick={() => setMending(ids)}>{words.mendTogether}</Button>
          <Button onClick={() => act({ verb: "take" })}>{words.take}</Button>
          <Button onClick={() => setAsked("assign")}>{words.assign}</Button>
          <Button onClick={() => act({ verb: "snooze", until: later("4h") })}>{words.snooze} · {words.until4h}</Button>
          <Button onClick={() => setAsked("resolve")}>{words.close}</Button>
        </>
      )}
      <button type="button" className="bare" onClick={() => selection.clear()}>{common.clear}</button>
    </div>
  );
}

export function Ask({ asked, onAct, onCancel }: { asked: "assign" | "resolve" | "reopen"; onAct: (ask: Partial<Ask>) => void; onCancel: () => void }) {
  const words = useWords(cases);
  const common = useWords(shared);
  const title = useTitles();
  const [text, setText] = useState("");
  const [role, setRole] = useState<string>();
  const isReady = asked === "assign" ? Boolean(role) || text.trim() !== "" : text.trim().length >= 2;
  const send = () => onAct(asked === "assign" ? { verb: "assign", owner: role ?? "", person: text.trim() } : { verb: asked, reason: text.trim() });
  return (
    <span className="ask">
      {asked === "assign" ? (
        <Select aria-label={words.role} placeholder={words.role} allowClear options={ROLES.map((value) => ({ value, label: title("roles", value) }))} onChange={(value: string) => setRole(value)} className="ask-role" />
      ) : null}
      <Input autoFocus aria-label={asked === "assign" ? words.person : words.result} placeholder={asked === "assign" ? words.person : words.result} value={text} maxLength={500} onChange={(event) => setText(event.target.value)} onPressEnter={() => isReady && send()} />
      <Button type="primary" disabled={!isReady} onClick={send}>{asked === "assign" ? words.assign : asked === "resolve" ? words.close : words.reopen}</Button>
      <Button onClick={onCancel}>{common.cancel}</Button>
    </span>
  );
}
