/** Connect something new, step one: which platform; or go on with what somebody began. */
import { useState } from "react";
import { Button, Input, Steps } from "antd";
import { Link } from "@tanstack/react-router";
import type { ConnectDraft, ConnectorForm } from "@/api/generated/schema";
import { ChannelTile, When } from "@/shared/cells";
import { Show } from "@/shared/states/show";
import { useTold } from "@/shared/told";
import { Page } from "@/shell/page";
import { useLanguage, useWords } from "@/words/language";
import { connections } from "@/words/connections";
import { useConnectors, useDrafts, useDropDraft } from "../queries";
import { FAMILIES } from "../search";
import type { Step } from "../search";
import "../connections.css";
import { STEP_AT, useStepTitles } from "../steps";

export default function NewConnection() {
  const words = useWords(connections);
  const titles = useStepTitles();
  const query = useConnectors();
  return (
    <>
      <nav className="crumb"><Link to="/connections">{words.title}</Link> / {words.newTitle}</nav>
      <Page title={words.newTitle}>
        <Steps className="steps" size="small" current={0} items={titles.map((title) => ({ title }))} />
        <Drafts connectors={query.data?.connectors ?? []} />
        <Show query={query}>{(found) => <Platforms connectors={found.connectors} />}</Show>
      </Page>
    </>
  );
}

function Platforms({ connectors }: { connectors: readonly ConnectorForm[] }) {
  const words = useWords(connections);
  const language = useLanguage();
  const [sought, setSought] = useState("");
  const fits = (one: ConnectorForm) => `${one.connector.name} ${one.connector.title.zh} ${one.connector.title.en}`.toLowerCase().includes(sought.trim().toLowerCase());
  const found = connectors.filter(fits);
  return (
    <div className="stack">
      <Input className="seek" value={sought} allowClear aria-label={words.find} placeholder={words.find} onChange={(event) => setSought(event.target.value)} />
      {found.length === 0 ? <p className="dim">{words.noPlatform}</p> : null}
      {FAMILIES.map((family) => {
        const some = found.filter((one) => one.connector.family === family);
        return some.length === 0 ? null : (
          <section key={family} className="stack">
            <h2>{words[family]}</h2>
            <div className="platforms">
              {some.map(({ connector }) => (
                <Link key={connector.name} to="/connections/new/$connector" params={{ connector: connector.name }} search={{ step: "credentials" }}>
                  <ChannelTile channel={connector.name} /><span className="cut">{connector.title[language]}</span>
                </Link>
              ))}
            </div>
          </section>
        );
      })}
    </div>
  );
}

function Drafts({ connectors }: { connectors: readonly ConnectorForm[] }) {
  const words = useWords(connections);
  const language = useLanguage();
  const { data } = useDrafts();
  const titles = useStepTitles();
  const nameOf = (one: ConnectDraft) => connectors.find((form) => form.connector.name === one.connector)?.connector.title[language] ?? one.connector;
  if (!data || data.drafts.length === 0) return null;
  return (
    <section className="card pad stack">
      <h2>{words.drafts}</h2>
      {data.drafts.map((one) => (
        <div key={one.id} className="line">
          <Link to="/connections/new/$connector" params={{ connector: one.connector }} search={{ step: one.form.step as Step, draft: one.id }}>
            {nameOf(one)} {one.form.title || one.form.code}
          </Link>
          <span className="dim">{words.draftStep(titles[STEP_AT[one.form.step as Step] ?? 1] ?? "")} · <When at={one.changed_at} /></span>
          <span className="grow" />
          <Drop id={one.id} />
        </div>
      ))}
    </section>
  );
}

function Drop({ id }: { id: string }) {
  const words = useWords(connections);
  const told = useTold();
  const drop = useDropDraft();
  return (
    <Button size="small" title={words.dropSure} loading={drop.isPending} onClick={() => drop.mutate(id, { onSuccess: () => told.done(words.forgotten), onError: told.failed })}>
      {words.dropDraft}
    </Button>
  );
}

