/** Step two: who the account is and its keys, as its connector declares them. Kept at the server as they are typed in. */
import { useState } from "react";
import { Button, Collapse, Input } from "antd";
import { asProblem } from "@/api/problem";
import type { ConnectDraft, ConnectForm, ConnectorForm } from "@/api/generated/schema";
import { useMay } from "@/shell/me";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { connections } from "@/words/connections";
import { Credentials, Labelled, Settings } from "../fields";
import { useKeepDraft } from "../queries";
import type { Go } from "./page";

type Filled = Pick<ConnectForm, "code" | "title" | "zone" | "base_url" | "allow_private" | "since"> & { settings: Record<string, unknown> };

function begun(form: ConnectorForm, draft?: ConnectDraft): Filled {
  const kept = draft?.form;
  return {
    code: kept?.code ?? "", title: kept?.title ?? "", zone: kept?.zone || form.zone, base_url: kept?.base_url ?? "",
    settings: kept?.settings ?? {}, allow_private: kept?.allow_private ?? [], since: kept?.since ?? "",
  };
}

export function CredentialsStep({ form, draft, go }: { form: ConnectorForm; draft?: ConnectDraft; go: Go }) {
  const words = useWords(connections);
  const language = useLanguage();
  const [filled, setFilled] = useState(() => begun(form, draft));
  const [keys, setKeys] = useState<Record<string, string>>({});
  const keep = useKeepDraft();
  const change = (some: Partial<Filled>) => setFilled({ ...filled, ...some });
  const next = () => keep.mutate(
    { id: draft?.id ?? "", connector: form.connector.name, form: { ...filled, step: "test" }, credentials: keys },
    { onSuccess: (kept) => go({ step: "test", draft: kept.id }) },
  );
  return (
    <form className="form" onSubmit={(event) => { event.preventDefault(); next(); }}>
      <Labelled label={words.code} help={words.codeHelp}>
        <Input value={filled.code} autoFocus required maxLength={12} pattern="[A-Za-z][A-Za-z0-9]{1,11}" className="mono" onChange={(event) => change({ code: event.target.value.toUpperCase() })} />
      </Labelled>
      <Labelled label={words.shopName}><Input value={filled.title} maxLength={200} onChange={(event) => change({ title: event.target.value })} /></Labelled>
      <Credentials fields={form.credentials} filled={draft?.filled ?? []} values={keys} onChange={(name, value) => setKeys({ ...keys, [name]: value })} />
      <More form={form} filled={filled} onChange={change} />
      <Unsure form={form} />
      {keep.error ? <p role="alert" className="bad">{oneLanguage(asProblem(keep.error).detail, language)}</p> : null}
      <div className="do"><Button type="primary" htmlType="submit" loading={keep.isPending}>{words.next}</Button></div>
    </form>
  );
}

function More({ form, filled, onChange }: { form: ConnectorForm; filled: Filled; onChange: (some: Partial<Filled>) => void }) {
  const words = useWords(connections);
  const may = useMay();
  const hasPast = form.history_days_max > 0;
  const children = (
    <div className="form">
      <Labelled label={words.zone}><Input value={filled.zone} onChange={(event) => onChange({ zone: event.target.value })} /></Labelled>
      {form.base_url ? <Labelled label={words.address}><Input value={filled.base_url} placeholder={form.base_url} onChange={(event) => onChange({ base_url: event.target.value })} /></Labelled> : null}
      {hasPast ? <Labelled label={words.since30} help={words.sinceHelp}><Input value={filled.since} onChange={(event) => onChange({ since: event.target.value })} /></Labelled> : null}
      {form.base_url && may("admin") ? (
        <Labelled label={words.private} help={words.privateHelp}>
          <Input value={filled.allow_private.join(",")} onChange={(event) => onChange({ allow_private: event.target.value.split(/[,，]/).map((one) => one.trim()).filter(Boolean) })} />
        </Labelled>
      ) : null}
      <Settings settings={form.settings} values={filled.settings} mayFolders={may("admin")} onChange={(name, value) => onChange({ settings: { ...filled.settings, [name]: value } })} />
    </div>
  );
  return <Collapse size="small" items={[{ key: "more", label: words.moreSettings, children }]} />;
}

function Unsure({ form }: { form: ConnectorForm }) {
  const words = useWords(connections);
  const told = form.connector.quality.unverified;
  if (told.length === 0) return null;
  return <details><summary className="dim">{words.cannotDo}</summary><ul>{told.map((one) => <li key={one} lang="en">{one}</li>)}</ul></details>;
}
