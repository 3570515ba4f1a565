/** Which rows a user sees: limits by warehouse, channel, shop, province and SKU, chosen from what there is. */
import { useState } from "react";
import { Button, Select } from "antd";
import type { RoleRight, UserView } from "@/api/generated/schema";
import { Tag } from "@/shared/cells";
import { Show } from "@/shared/states/show";
import { useTold } from "@/shared/told";
import { useLanguage, useWords } from "@/words/language";
import { settings } from "@/words/settings";
import { shared } from "@/words/shared";
import { useChoices, useLimits, useRoles } from "./queries";

const ALL = "*";
type Kept = Record<string, string[]>;

export function Limits({ user }: { user: UserView }) {
  const words = useWords(settings);
  const query = useRoles();
  return (
    <section className="stack" aria-label={words.limits}>
      <h3>{words.limits}</h3>
      <Show query={query} rows={2}>
        {({ roles, limits }) => <Editor user={user} kinds={limits} needed={roles.find((one) => one.name === user.role)?.limits ?? []} />}
      </Show>
    </section>
  );
}

function Editor({ user, kinds, needed }: { user: UserView; kinds: readonly RoleRight[]; needed: readonly string[] }) {
  const words = useWords(settings);
  const common = useWords(shared);
  const language = useLanguage();
  const told = useTold();
  const [typed, setTyped] = useState<Kept>();
  const change = useLimits();
  const given: Kept = typed ?? user.limits;
  const lacking = kinds.filter((kind) => needed.includes(kind.name) && !given[kind.name]?.length);
  const save = () => change.mutate({ name: user.name, limits: Object.fromEntries(Object.entries(given).filter(([, values]) => values.length > 0)) }, {
    onSuccess: () => { setTyped(undefined); told.done(words.limitsKept); },
    onError: told.failed,
  });
  return (
    <>
      {lacking.length > 0 ? <p className="alert warn">{words.lacksLimit(lacking.map((kind) => kind.title[language]).join("、"))}</p> : null}
      {!typed && kinds.every((kind) => !given[kind.name]?.length) && lacking.length === 0 ? <p className="dim">{words.noLimits}</p> : null}
      {typed ? kinds.map((kind) => (
        <Kind key={kind.name} kind={kind} values={given[kind.name] ?? []} onChange={(values) => setTyped({ ...given, [kind.name]: values.at(-1) === ALL ? [ALL] : values.filter((one) => one !== ALL) })} />
      )) : (
        <dl className="kv">
          {kinds.filter((kind) => given[kind.name]?.length).map((kind) => [
            <dt key={kind.name}>{kind.title[language]}</dt>,
            <dd key={`${kind.name} is`} className="line limits-shown">{given[kind.name]?.map((one) => <Tag key={one} text={one === ALL ? words.allOfKind : one} />)}</dd>,
          ])}
        </dl>
      )}
      <div className="do">
        {typed ? <><Button type="primary" loading={change.isPending} onClick={save}>{common.save}</Button><Button onClick={() => setTyped(undefined)}>{common.cancel}</Button></>
          : <Button onClick={() => setTyped({ ...user.limits })}>{words.changeLimits}</Button>}
      </div>
    </>
  );
}

function Kind({ kind, values, onChange }: { kind: RoleRight; values: string[]; onChange: (values: string[]) => void }) {
  const words = useWords(settings);
  const language = useLanguage();
  const choices = useChoices(kind.name);
  const title = kind.title[language];
  return (
    <label className="stack">{title}
      <Select
        mode={choices ? "multiple" : "tags"} aria-label={title} value={values} optionFilterProp="label" tokenSeparators={[",", "，", " "]} placeholder={kind.name === "sku" ? words.limitSku : kind.name === "region" ? words.limitRegion : words.unlimited}
        options={[{ value: ALL, label: words.allOfKind }, ...(choices ?? [])]} onChange={onChange}
      />
    </label>
  );
}
