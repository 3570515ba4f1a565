/** What is mended on the page of its own thing, with that page's preview: the order, a connection, a mapping, stock. The two
 * ways that are about the case itself are done here. */
import { Button } from "antd";
import { useWords } from "@/words/language";
import { cases } from "@/words/cases";
import { Ask, useAct } from "../bulk";
import type { MenderProps } from "./shapes";
import { wayName } from "./shapes";

function address({ mend, found }: MenderProps): string {
  const told = mend.told as Record<string, string | number>;
  const [account = "", topic = "", sample = ""] = mend.ref.split("/");
  switch (mend.page) {
    case "connection": return `/connections/${mend.ref}#health`;
    case "mapping": return `/mappings/${account}/${topic}${sample ? `?sample=${sample}` : ""}`;
    case "stock": return mend.ref ? `/stock/${encodeURIComponent(mend.ref)}` : "/stock";
    default: return mend.mend === "hs_code" ? `/products/${String(told["sku"] ?? "")}` : `/orders/${found.order ?? mend.ref}?do=${mend.mend}`;
  }
}

export function Elsewhere(props: MenderProps) {
  const words = useWords(cases);
  const { mend, found, onDone } = props;
  const act = useAct([found.id], () => onDone(0));
  if (mend.mend === "finance") return <div className="body options"><Button type="primary" onClick={() => act({ verb: "assign", owner: "finance" })}>{words.finance}</Button></div>;
  if (mend.mend === "check") return <div className="body options"><p className="soft whole">{words.closeMeans}</p><Ask asked="resolve" onAct={act} onCancel={() => undefined} /></div>;
  if (mend.mend === "action") {
    return (
      <div className="body options">
        <p className="soft whole">{words.actionMeans}</p>
        {mend.choices.map((one, at) => <Button key={one.key} type={at === 0 ? "primary" : "default"} href={`/orders/${found.order ?? mend.order}?act=${one.key}`}>{wayName(`act_${one.key}`, words)}</Button>)}
      </div>
    );
  }
  return (
    <div className="body options">
      {mend.choices.map((one) => <p key={one.key} className="whole">{one.words ? one.words.zh : one.title} <span className="dim">{one.title}</span></p>)}
      <Button type="primary" href={address(props)}>{wayName(mend.mend, words)} · {words.open2}</Button>
    </div>
  );
}
