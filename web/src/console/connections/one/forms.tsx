/** A connection's credentials, which never come back, and its settings, which are tried before they are kept. */
import { useState } from "react";
import { App, Button, Input } from "antd";
import { asProblem } from "@/api/problem";
import type { ConnectionDetail } from "@/api/generated/schema";
import { When } from "@/shared/cells";
import { useMay } from "@/shell/me";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { connections } from "@/words/connections";
import { shared } from "@/words/shared";
import { Credentials as Fields, Labelled, Settings as Values, written } from "../fields";
import { useRenew, useSettings } from "../queries";

interface Props {
  found: ConnectionDetail;
  mayWrite: boolean;
}

export function Credentials({ found, mayWrite }: Props) {
  const words = useWords(connections);
  const language = useLanguage();
  const { message } = App.useApp();
  const [given, setGiven] = useState<Record<string, string>>();
  const renew = useRenew(found.connection.account.code);
  const filled = found.credentials.filter((one) => one.is_set).map((one) => one.field.name);
  const hasFailed = asProblem(renew.error).code === "test_failed";
  const save = (isForced: boolean) => renew.mutate({ credentials: onlyFilled(given ?? {}), isForced }, {
    onSuccess: () => { setGiven(undefined); void message.success(words.replaced); },
  });
  if (found.credentials.length === 0) return null;
  return (
    <section className="card pad stack" id="credentials">
      <h2>{words.credentials}</h2>
      {given === undefined ? (
        <dl className="kv even">
          {found.credentials.map((one) => <div key={one.field.name} className="pair"><dt>{one.field.title[language]}</dt><dd>{one.is_set ? words.isSet : <span className="dim">{words.isUnset}</span>}</dd></div>)}
          {found.credentials_at ? <div className="pair"><dt>{words.changedAt}</dt><dd><When at={found.credentials_at} /></dd></div> : null}
        </dl>
      ) : (
        <><p className="dim">{words.credentialsMeans}</p><Fields fields={found.credentials.map((one) => one.field)} filled={filled} values={given} onChange={(name, value) => setGiven({ ...given, [name]: value })} /></>
      )}
      {renew.error ? <p role="alert" className="bad">{oneLanguage(asProblem(renew.error).detail, language)}</p> : null}
      {mayWrite ? <Buttons isOpen={given !== undefined} isBusy={renew.isPending} hasFailed={hasFailed} openText={words.replace} onOpen={() => setGiven({})} onSave={save} onCancel={() => setGiven(undefined)} /> : null}
    </section>
  );
}

function onlyFilled(given: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
}

interface ButtonsProps {
  isOpen: boolean;
  isBusy: boolean;
  hasFailed: boolean;
  openText: string;
  onOpen: () => void;
  onSave: (isForced: boolean) => void;
  onCancel: () => void;
}

function Buttons({ isOpen, isBusy, hasFailed, openText, onOpen, onSave, onCancel }: ButtonsProps) {
  const words = useWords(connections);
  const common = useWords(shared);
  if (!isOpen) return <div className="do"><Button onClick={onOpen}>{openText}</Button></div>;
  return (
    <div className="do">
      <Button type="primary" loading={isBusy} onClick={() => onSave(false)}>{common.save}</Button>
      {hasFailed ? <Button danger onClick={() => onSave(true)}>{words.keepAnyway}</Button> : null}
      <Button onClick={onCancel}>{common.cancel}</Button>
    </div>
  );
}

export function Settings({ found, mayWrite }: Props) {
  const words = useWords(connections);
  const common = useWords(shared);
  const language = useLanguage();
  const { message } = App.useApp();
  const may = useMay();
  const { account } = found.connection;
  const [changed, setChanged] = useState<{ title: string; zone: string; base_url: string; settings: Record<string, unknown> }>();
  const keep = useSettings(account.code);
  const open = () => setChanged({ title: account.title, zone: account.zone, base_url: account.base_url, settings: {} });
  const save = (isForced: boolean) => changed && keep.mutate({ ...changed, is_forced: isForced }, {
    onSuccess: () => { setChanged(undefined); void message.success(words.settingsKept); },
  });
  const values = Object.fromEntries(Object.entries(found.settings).map(([name, one]) => [name, changed?.settings[name] ?? one.value]));
  const shapes = Object.fromEntries(Object.entries(found.settings).map(([name, one]) => [name, one.setting]));
  return (
    <section className="card pad stack" id="settings">
      <h2>{words.settings}</h2>
      {changed === undefined ? (
        <dl className="kv even">
          <dt>{words.shopName}</dt><dd>{account.title}</dd><dt>{words.zone}</dt><dd>{account.zone}</dd>
          {account.base_url ? <><dt>{words.address}</dt><dd className="mono">{account.base_url}</dd></> : null}
          {Object.entries(found.settings).filter(([, one]) => one.is_own).map(([name, one]) => <div key={name} className="pair"><dt>{one.setting.title[language]}</dt><dd>{shown(one.value) || common.none}</dd></div>)}
        </dl>
      ) : (
        <div className="form">
          <Labelled label={words.shopName}><Input value={changed.title} onChange={(event) => setChanged({ ...changed, title: event.target.value })} /></Labelled>
          <Labelled label={words.zone}><Input value={changed.zone} onChange={(event) => setChanged({ ...changed, zone: event.target.value })} /></Labelled>
          {account.base_url ? <Labelled label={words.address}><Input value={changed.base_url} onChange={(event) => setChanged({ ...changed, base_url: event.target.value })} /></Labelled> : null}
          <Values settings={shapes} values={values} mayFolders={may("admin")} onChange={(name, value) => setChanged({ ...changed, settings: { ...changed.settings, [name]: value } })} />
          <p className="dim">{words.changed}</p>
        </div>
      )}
      {keep.error ? <p role="alert" className="bad">{oneLanguage(asProblem(keep.error).detail, language)}</p> : null}
      {mayWrite ? <Buttons isOpen={changed !== undefined} isBusy={keep.isPending} hasFailed={asProblem(keep.error).code === "test_failed"} openText={words.edit} onOpen={open} onSave={save} onCancel={() => setChanged(undefined)} /> : null}
    </section>
  );
}

function shown(value: unknown): string {
  return typeof value === "object" ? written(value) : String(value);
}
