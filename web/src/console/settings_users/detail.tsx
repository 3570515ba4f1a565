/** One user beside the list: role, state, where they are signed in, and what an administrator may do. */
import { useState } from "react";
import { Button, Drawer, Select } from "antd";
import type { UserView } from "@/api/generated/schema";
import { agent } from "@/shared/agent";
import { When } from "@/shared/cells";
import { Show } from "@/shared/states/show";
import { useTold } from "@/shared/told";
import { useLanguage, useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { shared } from "@/words/shared";
import { Limits } from "./limits";
import { useReset, useRole, useRoles, useSessionsOf, useSwitch } from "./queries";
import type { Switch } from "./queries";
import { States } from "./states";

interface DetailProps {
  user: UserView;
  onClose: () => void;
  onPassword: (told: { name: string; password: string }) => void;
}

export function Detail({ user, onClose, onPassword }: DetailProps) {
  const words = useWords(settings);
  return (
    <Drawer open mask={false} size={480} title={user.name} onClose={onClose}>
      <div className="stack">
        <States row={user} />
        <dl className="kv">
          <dt>{words.role}</dt><dd><Role user={user} /></dd>
          <dt>{words.loggedIn}</dt><dd>{user.logged_in_at ? <When at={user.logged_in_at} /> : words.never}</dd>
          <dt>{words.made}</dt><dd><When at={user.created_at} /></dd>
        </dl>
        <Acts user={user} onPassword={onPassword} />
        <Limits user={user} />
        <h3>{words.userSessions}</h3>
        <Sessions name={user.name} />
      </div>
    </Drawer>
  );
}

function Role({ user }: { user: UserView }) {
  const words = useWords(settings);
  const language = useLanguage();
  const { failed, done } = useTold();
  const roles = useRoles();
  const change = useRole();
  const options = roles.data?.roles.map((one) => ({ value: one.name, label: one.title[language] })) ?? [{ value: user.role, label: user.role }];
  return (
    <Select
      aria-label={words.changeRole} value={user.role} options={options} loading={change.isPending} popupMatchSelectWidth={false}
      onChange={(role) => change.mutate({ name: user.name, role }, { onSuccess: () => done(words.roleChanged), onError: failed })}
    />
  );
}

type Asked = Switch | "resetPassword";

function Acts({ user, onPassword }: { user: UserView; onPassword: DetailProps["onPassword"] }) {
  const words = useWords(settings);
  const common = useWords(shared);
  const { failed, done } = useTold();
  const [asked, setAsked] = useState<Asked>();
  const [reset, change] = [useReset(), useSwitch()];
  const acts: Asked[] = [
    ...(user.is_outside ? [] : ["resetPassword" as const]), ...(user.has_second_factor ? ["dropSecond" as const] : []), "endAll",
    user.is_active ? "disable" : "enable",
  ];
  const send = (act: Asked) => {
    const onSuccess = () => { setAsked(undefined); done(words.done); };
    if (act === "resetPassword") reset.mutate(user.name, { onSuccess: (told) => { onSuccess(); onPassword(told); }, onError: failed });
    else change.mutate({ name: user.name, act }, { onSuccess, onError: failed });
  };
  const means = asked === "disable" ? words.disableMeans : asked === "resetPassword" ? words.resetMeans : "";
  return (
    <div className="stack">
      <div className="do">
        {acts.map((act) => (
          <Button key={act} danger={act === "disable"} onClick={() => (act === "enable" ? send(act) : setAsked(act))}>{words[act]}</Button>
        ))}
      </div>
      {asked ? (
        <div className="alert warn" role="group" aria-label={words[asked]}>
          <p>{means || words[asked]}</p>
          <div className="do">
            <Button danger loading={reset.isPending || change.isPending} onClick={() => send(asked)}>{`${words[asked]} ${user.name}`}</Button>
            <Button onClick={() => setAsked(undefined)}>{common.cancel}</Button>
          </div>
        </div>
      ) : null}
    </div>
  );
}

function Sessions({ name }: { name: string }) {
  const words = useWords(settings);
  const query = useSessionsOf(name);
  return (
    <Show query={query} rows={2}>
      {({ sessions }) => sessions.length === 0 ? <p className="dim">{words.noSessions}</p> : (
        <ul className="stack">
          {sessions.map((one) => (
            <li key={one.id} className="line"><span>{agent(one.device) || words.program}</span><span className="mono dim">{one.address}</span><span className="grow" /><When at={one.used_at ?? one.since} /></li>
          ))}
        </ul>
      )}
    </Show>
  );
}
