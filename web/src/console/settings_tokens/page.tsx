/** Tokens for programs: made with scopes, shown once, revoked. */
import { useState } from "react";
import { Button, Modal } from "antd";
import type { TokenView } from "@/api/generated/schema";
import { Cut, Tag, When } from "@/shared/cells";
import { Once } from "@/shared/once";
import { Empty, Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { useTold } from "@/shared/told";
import { SettingsPage } from "@/shell/settings";
import { useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { Make } from "./make";
import { useRevoke, useTokens } from "./queries";

const LOGIN = "login";

export default function Tokens() {
  const words = useWords(settings);
  const query = useTokens();
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState("");
  const [ending, setEnding] = useState<TokenView>();
  const rows = query.data?.tokens.filter((one) => one.name !== LOGIN);
  const end = (row: TokenView) => (stands(row) ? <Button size="small" danger onClick={() => setEnding(row)}>{words.revoke}</Button> : null);
  const state = (row: TokenView) => (stands(row) ? <Tag text={words.valid} tone="good" /> : <Tag text={row.revoked_at ? words.revoked : words.ended2} />);
  const asCard = (row: TokenView) => <div className="line"><b>{row.name}</b>{state(row)}<span className="grow" />{end(row)}</div>;
  const columns: Column<TokenView>[] = [
    { key: "name", title: words.name, width: 180, render: (row) => <Cut text={row.name} /> },
    { key: "scopes", title: words.scopes, render: (row) => <Cut className="mono" text={row.scopes.join(" ")} /> },
    { key: "role", title: words.role, width: 110, render: (row) => (row.role ? <Cut text={row.role} /> : null) },
    { key: "state", title: words.state, width: 90, render: state },
    { key: "by", title: words.by, width: 110, render: (row) => <Cut text={row.created_by} /> },
    { key: "used", title: words.lastUsed, width: 110, render: (row) => (row.used_at ? <When at={row.used_at} /> : words.never) },
    { key: "until", title: words.expires, width: 110, render: (row) => <When at={row.expires_at} /> },
    { key: "end", title: "", width: 84, align: "right", render: end },
  ];
  return (
    <SettingsPage title={words.tokens} actions={<Button type="primary" onClick={() => setMaking(true)}>{words.addToken}</Button>}>
      <section className="card">
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !rows ? null : (
          <List
            label={words.tokens} columns={columns} rows={rows} keyOf={(row) => row.id} empty={<Empty title={words.noTokens} text={words.tokenMeans} />}
            card={asCard}
          />
        )}
      </section>
      {isMaking ? <Make onClose={() => setMaking(false)} onMade={setMade} /> : null}
      {made ? <Once title={words.tokenTitle} means={words.tokenOnce} text={made} done={words.close} onClose={() => setMade("")} /> : null}
      {ending ? <End row={ending} onClose={() => setEnding(undefined)} /> : null}
    </SettingsPage>
  );
}

function stands(row: TokenView): boolean {
  return !row.revoked_at && (!row.expires_at || Date.parse(row.expires_at) > Date.now());
}

function End({ row, onClose }: { row: TokenView; onClose: () => void }) {
  const words = useWords(settings);
  const told = useTold();
  const revoke = useRevoke();
  const send = () => revoke.mutate(row.id, {
    onSuccess: () => { told.done(words.revoked); onClose(); },
    onError: told.failed,
  });
  return (
    <Modal open title={`${words.revoke} ${row.name}`} okText={words.revoke} okButtonProps={{ danger: true, loading: revoke.isPending }} onOk={send} onCancel={onClose}>
      <p>{words.revokeMeans}</p>
    </Modal>
  );
}
