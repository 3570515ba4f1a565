/** Step three: the platform is tried, check by check, before anything is kept; then the account is kept, watched only. */
import { Button } from "antd";
import { asProblem } from "@/api/problem";
import type { ConnectDraft } from "@/api/generated/schema";
import { Show } from "@/shared/states/show";
import { oneLanguage, useLanguage, useWords } from "@/words/language";
import { connections } from "@/words/connections";
import { Checks } from "../checks";
import { useConnectDraft, useExaminedDraft } from "../queries";
import type { Go } from "./page";

export function TestStep({ draft, go }: { draft: ConnectDraft; go: Go }) {
  const words = useWords(connections);
  const language = useLanguage();
  const query = useExaminedDraft(draft.id, draft.changed_at);
  const connect = useConnectDraft();
  const keep = (isForced: boolean) => connect.mutate({ id: draft.id, isForced }, { onSuccess: () => go({ step: "sample" }) });
  return (
    <div className="stack">
      <p className="dim">{words.testMeans}</p>
      <Show query={query} rows={3}>
        {(found) => {
          const isGood = found.is_well || found.is_to_authorise;
          return (
            <>
              <Checks found={found} />
              {found.is_well ? <p className="say">{words.testWell}</p> : null}
              {found.is_to_authorise ? <p className="say"><b>{words.toAuthorise}</b> {words.authoriseMeans}</p> : null}
              <div className="do">
                {isGood ? <Button type="primary" loading={connect.isPending} onClick={() => keep(false)}>{words.connectNow}</Button> : null}
                <Button type={isGood ? "default" : "primary"} onClick={() => go({ step: "credentials" })}>{isGood ? words.back : words.fixIt}</Button>
                {isGood ? null : <Button loading={query.isFetching} onClick={() => void query.refetch()}>{words.test}</Button>}
                {isGood ? null : <Button danger loading={connect.isPending} onClick={() => keep(true)}>{words.connectAnyway}</Button>}
              </div>
            </>
          );
        }}
      </Show>
      {query.error ? <div className="do"><Button type="primary" onClick={() => go({ step: "credentials" })}>{words.fixIt}</Button></div> : null}
      {connect.error ? <p role="alert" className="bad">{oneLanguage(asProblem(connect.error).detail, language)}</p> : null}
    </div>
  );
}
