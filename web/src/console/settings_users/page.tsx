/** Users: who may sign in, in which role, and how. */
import { useState } from "react";
import { Button } from "antd";
import { getRouteApi } from "@tanstack/react-router";
import type { UserView } from "@/api/generated/schema";
import { Cut, When } from "@/shared/cells";
import { Once } from "@/shared/once";
import { Failed } from "@/shared/states";
import { List } from "@/shared/table/list";
import type { Column } from "@/shared/table/list";
import { useTitles } from "@/shared/titles";
import { SettingsPage } from "@/shell/settings";
import { useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { Add } from "./add";
import { Detail } from "./detail";
import { useUsers } from "./queries";
import { States } from "./states";

const route = getRouteApi("/settings/users");

export default function Users() {
  const words = useWords(settings);
  const title = useTitles();
  const { peek } = route.useSearch();
  const navigate = route.useNavigate();
  const look = (name: string | undefined) => void navigate({ search: { peek: name } });
  const query = useUsers();
  const [isAdding, setAdding] = useState(false);
  const [once, setOnce] = useState<{ name: string; password: string }>();
  const rows = query.data?.users;
  const chosen = rows?.find((one) => one.name === peek);
  const asCard = (row: UserView) => (
    <div className="stack"><div className="line"><b>{row.name}</b><span className="dim">{title("roles", row.role)}</span></div><States row={row} /></div>
  );
  const columns: Column<UserView>[] = [
    { key: "name", title: words.name, render: (row) => <Cut text={row.name} className={row.is_active ? "strong" : "dim"} /> },
    { key: "role", title: words.role, width: 140, render: (row) => title("roles", row.role) },
    { key: "state", title: words.state, width: 260, render: (row) => <States row={row} /> },
    { key: "seen", title: words.loggedIn, width: 130, render: (row) => (row.logged_in_at ? <When at={row.logged_in_at} /> : words.never) },
    { key: "made", title: words.made, width: 130, render: (row) => <When at={row.created_at} /> },
  ];
  return (
    <SettingsPage title={words.users} actions={<Button type="primary" onClick={() => setAdding(true)}>{words.addUser}</Button>}>
      <section className="card">
        {query.error ? <Failed error={query.error} onRetry={() => void query.refetch()} since={rows ? query.dataUpdatedAt : undefined} /> : null}
        {query.error && !rows ? null : (
          <List
            label={words.users} columns={columns} rows={rows} keyOf={(row) => row.name} cursor={peek} empty={null} onOpen={(row) => look(row.name)}
            card={asCard}
          />
        )}
      </section>
      {chosen ? <Detail key={chosen.name} user={chosen} onClose={() => look(undefined)} onPassword={setOnce} /> : null}
      {isAdding ? <Add onClose={() => setAdding(false)} onPassword={setOnce} /> : null}
      {once ? <Once title={words.oneTimeTitle} means={words.oneTimeMeans(once.name)} text={once.password} done={words.close} onClose={() => setOnce(undefined)} /> : null}
    </SettingsPage>
  );
}
