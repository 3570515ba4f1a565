/** Says that the console is shown as another role sees it, and leads back. */
import { Button } from "antd";
import { useLanguage, useWords } from "@/words/language";
import { shell } from "@/words/shell";
import { useMe } from "./me";
import { seeAs, seenAs } from "./see_as";

export function SeeAsBanner() {
  const words = useWords(shell);
  const language = useLanguage();
  const title = useMe().role_title[language];
  if (!seenAs()) return null;
  return (
    <div className="alert warn see-as" role="status">
      <span><b>{words.seesAs(title)}</b> {words.onlyLooking}</span>
      <div className="do"><Button size="small" onClick={() => seeAs("", "/settings/roles")}>{words.backToMe}</Button></div>
    </div>
  );
}
