/** Connect something new, step by step: credentials, test, sample, preview and live. What was filled in is kept. */
import { Steps } from "antd";
import { Link, getRouteApi } from "@tanstack/react-router";
import type { ConnectDraft, ConnectorForm } from "@/api/generated/schema";
import { Empty } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { Page } from "@/shell/page";
import { useLanguage, useWords } from "@/words/language";
import { connections } from "@/words/connections";
import { useConnectors, useDraft } from "../queries";
import { STEP_AT, useStepTitles } from "../steps";
import type { WizardSearch } from "../search";
import "../connections.css";
import { CredentialsStep } from "./credentials";
import { PreviewStep } from "./preview";
import { SampleStep } from "./sample";
import { TestStep } from "./test";

const route = getRouteApi("/connections/new/$connector");
export type Go = (change: WizardSearch) => void;

export default function Wizard() {
  const { connector } = route.useParams();
  const words = useWords(connections);
  const language = useLanguage();
  const query = useConnectors();
  const form = query.data?.connectors.find((one) => one.connector.name === connector);
  return (
    <>
      <nav className="crumb"><Link to="/connections">{words.title}</Link> / <Link to="/connections/new">{words.newTitle}</Link></nav>
      <Page title={form ? form.connector.title[language] : words.newTitle}>
        <Show query={query}>{() => (form ? <Step form={form} /> : <Empty title={words.noPlatform} />)}</Show>
      </Page>
    </>
  );
}

function Step({ form }: { form: ConnectorForm }) {
  const { step, draft: id } = route.useSearch();
  const navigate = route.useNavigate();
  const titles = useStepTitles();
  const draft = useDraft(id);
  const go: Go = (change) => void navigate({ search: (before) => ({ ...before, ...change }) });
  const at = id ? (step ?? "credentials") : "credentials";
  return (
    <>
      <Steps className="steps" size="small" current={STEP_AT[at]} items={titles.map((title) => ({ title }))} />
      <section className="card pad">
        {id ? <Show query={draft}>{(found) => <At key={at} at={at} form={form} draft={found} go={go} />}</Show> : <CredentialsStep form={form} go={go} />}
      </section>
    </>
  );
}

function At({ at, form, draft, go }: { at: NonNullable<WizardSearch["step"]>; form: ConnectorForm; draft: ConnectDraft; go: Go }) {
  const account = draft.form.account;
  if (account && (at === "credentials" || at === "test" || at === "sample")) return <SampleStep form={form} code={account} draft={draft} go={go} />;
  if (account && at === "preview") return <PreviewStep form={form} code={account} draft={draft} />;
  if (at === "credentials") return <CredentialsStep form={form} draft={draft} go={go} />;
  return <TestStep draft={draft} go={go} />;
}
