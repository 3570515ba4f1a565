/** The rules in force, as tables in words, and what they would decide for an order. They are written in the blueprint. */
import { Empty } from "@/shared/states";
import { Show } from "@/shared/states/show";
import { SettingsPage } from "@/shell/settings";
import { useWords } from "@/words/language";
import { rules as text } from "@/words/rules";
import { useRules } from "./queries";
import { RuleTable } from "./table";
import { Trial } from "./trial";
import "./rules.css";

export default function Rules() {
  const words = useWords(text);
  const query = useRules();
  return (
    <SettingsPage title={words.title}>
      <Show query={query}>
        {(found) => (
          <div className="col">
            <p className="say">{words.how} {words.version(found.version)}</p>
            {found.rules.length ? found.rules.map((rule) => <RuleTable key={rule.name} rule={rule} />) : <Empty title={words.none} text={words.noneText} />}
            {found.rules.length ? <Trial found={found} /> : null}
          </div>
        )}
      </Show>
    </SettingsPage>
  );
}
