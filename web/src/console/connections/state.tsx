/** How a connection is, in a word and in a sentence: what every page of this folder says of it. */
import type { ConnectionView } from "@/api/generated/schema";
import { Tag } from "@/shared/cells";
import { when } from "@/shared/when";
import { useLanguage, useWords } from "@/words/language";
import { connections } from "@/words/connections";

const TONES = { off: "", unauthorised: "bad", ill: "bad", behind: "warn", token_ends: "warn", waiting: "warn", untested: "", watching: "held", well: "" } as const;
type State = keyof typeof TONES;

export type Words = (typeof connections)["zh"] | (typeof connections)["en"];

export function stateWord(state: string, words: Words): string {
  return state in TONES ? words[`is_${state as State}`] : state;
}

export function StateOf({ view }: { view: ConnectionView }) {
  const words = useWords(connections);
  return <Tag text={stateWord(view.state, words)} tone={TONES[view.state as State] ?? ""} title={view.why} />;
}

/** States that somebody has to do something about. */
export const ILL: readonly string[] = ["unauthorised", "ill", "behind", "token_ends", "waiting"];

/** What waits because of it, in words; empty when nothing does. */
export function waits(view: ConnectionView, words: Words): string {
  const parts = [
    view.orders_waiting > 0 ? words.orders(words.many(view.orders_waiting)) : "",
    view.orders_waiting === 0 && view.deliveries_waiting > 0 ? words.pushes(words.many(view.deliveries_waiting)) : "",
    view.messages_parked + view.messages_pending > 0 ? words.messages(words.many(view.messages_parked + view.messages_pending)) : "",
  ].filter((one) => one !== "");
  return parts.join(words === connections.zh ? "、" : " ").trim();
}

export function useSentence(): (view: ConnectionView) => string {
  const words = useWords(connections);
  const language = useLanguage();
  return (view) => {
    const since = view.since && view.state !== "token_ends" ? words.since(when(view.since, language)) : "";
    const cost = waits(view, words);
    return words.sentence(view.account.title || view.account.code, stateWord(view.state, words), since, cost ? words.costs(cost) : "");
  };
}
