/** One fact of an order's log in words, and who caused it. */
import type { EventView } from "@/api/generated/schema";
import type { OrderWords } from "@/words/order";
import { money } from "./money";

type Happened = Pick<EventView, "kind" | "actor" | "facts">;
/** What the blueprint calls a stage, a hold or a milestone. */
type Named = (kind: "stages" | "holds" | "milestones", code: string) => string;

/** Who did something, as people are called; the hub's own parts are the hub. */
export function actor(name: string, words: OrderWords): string {
  const at = name.indexOf(":");
  if (name.startsWith("user:") || name.startsWith("token:") || name.startsWith("connector:")) return name.slice(at + 1);
  return words.system;
}

export function isPerson(name: string): boolean {
  return name.startsWith("user:");
}

const text = (value: unknown) => (typeof value === "string" ? value : "");
const state = (value: unknown, words: OrderWords) => {
  const key = `st_${text(value)}`;
  const found = key in words ? words[key as keyof OrderWords] : text(value);
  return typeof found === "string" ? found : text(value);
};

/** One fact of the log in words. */
export function happened(event: Happened, name: Named, words: OrderWords): string {
  const facts = event.facts as Record<string, unknown>;
  switch (event.kind) {
    case "stage_moved": return words.e_stage_moved(name("stages", text(facts["stage"])));
    case "milestone_claimed": return claimed(facts["claims"], name) || words.e_milestone_claimed;
    case "money_recorded": return words.e_money_recorded(typeof facts["amount"] === "number" ? money(facts["amount"], text(facts["currency"])) : "");
    case "work_assigned": return words.e_work_assigned(text(facts["number"]));
    case "work_moved": return words.e_work_moved(state(facts["state"], words));
    case "parcel_shipped": return words.e_parcel_shipped(text(facts["waybill"]));
    case "parcel_tracked": return words.e_parcel_tracked(state(facts["state"], words));
    case "parcel_named": return words.e_parcel_named(text(facts["waybill"]));
    case "parcel_announced": return words.e_parcel_announced(text(facts["to"]));
    case "hold_placed": return words.e_hold_placed(name("holds", text((facts["hold"] as Record<string, unknown> | undefined)?.["type"])));
    case "action_taken": return words.e_action_taken(acted(text(facts["action"]), words));
    case "gifts_reviewed": return gifts(facts, words) || words.e_gifts_reviewed;
    case "order_amended": return isPerson(event.actor) ? words.e_order_amended_by_hand : words.e_order_amended;
    default: {
      const known = words[`e_${event.kind}` as keyof OrderWords];
      return typeof known === "string" ? known : event.kind;
    }
  }
}

/** What a rule gave, what it did not and why, what was taken back. */
function gifts(facts: Record<string, unknown>, words: OrderWords): string {
  const rows = (key: string) => (Array.isArray(facts[key]) ? facts[key] as Record<string, unknown>[] : []);
  const why = (value: unknown) => {
    const known = words[`g_${text(value)}` as keyof OrderWords];
    return typeof known === "string" ? known : text(value);
  };
  return [
    ...rows("given").map((one) => words.g_given(text(one["sku_external"]), Number(one["ordered"]), text(one["external_id"]).replace(/^gift!?:/, ""))),
    ...rows("left_out").map((one) => words.g_left(text(one["sku"]) || text(one["rule"]), why(one["why"]))),
    ...(rows("withdrawn").length ? [words.g_withdrawn(why(facts["why"]))] : []),
  ].join("；");
}

/** What an action is called on its button. */
function acted(action: string, words: OrderWords): string {
  const known = words[`a_${action === "change_lines" ? "lines" : action}` as keyof OrderWords];
  return typeof known === "string" ? known : action;
}

function claimed(claims: unknown, name: Named): string {
  if (!Array.isArray(claims)) return "";
  return claims
    .map((one: Record<string, unknown>) => `${text(one["system"])} ${name("milestones", text(one["milestone"]))}`)
    .join("；");
}
