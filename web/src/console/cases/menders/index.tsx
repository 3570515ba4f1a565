/** The mender of each way: one component a kind; what has a preview shows it before it can be done. */
import { Alias } from "./alias";
import { Correct } from "./correct";
import { Decide } from "./decide";
import { Elsewhere } from "./elsewhere";
import { Plain } from "./plain";
import type { MenderProps } from "./shapes";
import { Status } from "./status";

export function Mender(props: MenderProps) {
  switch (props.mend.mend) {
    case "alias": case "sku": return <Alias {...props} isNew={props.mend.mend === "sku"} />;
    case "decide": return <Decide {...props} />;
    case "correct": return <Correct {...props} />;
    case "status": return <Status {...props} />;
    case "replay": case "discard": case "resend": case "give_up": case "warehouse": return <Plain {...props} />;
    default: return <Elsewhere {...props} />;
  }
}
