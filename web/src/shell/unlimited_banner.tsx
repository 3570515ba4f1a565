/** Says why somebody whose role must be bound to a warehouse, a shop or the like sees nothing, and who mends it. */
import { useWords } from "@/words/language";
import { shell } from "@/words/shell";
import { useMe } from "./me";

export function UnlimitedBanner() {
  const words = useWords(shell);
  const { missing_limits: missing } = useMe();
  if (missing.length === 0) return null;
  const named = (kind: string) => words[`limit_${kind}` as "limit_shop"] ?? kind;
  return <div className="alert warn see-as" role="status"><span><b>{words.seesNothing(missing.map(named).join("、"))}</b> {words.whoGives}</span></div>;
}
