/** Codes and facts of an order made into words. */
import { actor, isPerson } from "@/shared/happened";
import { money } from "@/shared/money";
import { when } from "@/shared/when";
import type { EventView, LimitView, OrderDetail, Say } from "@/api/generated/schema";
import type { Language } from "@/words/language";
import type { OrderWords } from "@/words/order";

/** How long so many seconds are: minutes with seconds, hours with minutes, days with hours. */
export function lasting(seconds: number, words: OrderWords): string {
  const all = Math.max(0, Math.round(seconds));
  if (all < 60) return words.seconds(all);
  const minutes = Math.floor(all / 60);
  if (minutes < 60) return words.minutes(minutes, minutes < 10 ? all % 60 : 0);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? words.hours(hours, minutes % 60) : words.days(Math.floor(hours / 24), hours % 24);
}

/** What the order's own blueprint calls its stages, holds and milestones. */
export function named(found: OrderDetail, language: Language) {
  return (kind: "stages" | "holds" | "milestones", code: string) => title(found, `${kind.slice(0, -1)}:${code}`, language);
}

/** What the blueprint calls a code: `stage:picking`. */
export function title(found: OrderDetail, key: string, language: Language): string {
  return found.words[key]?.[language] ?? key.slice(key.indexOf(":") + 1);
}

export function limitTitle(limit: LimitView, found: OrderDetail, words: OrderWords, language: Language): string {
  if (limit.kind === "ship_by") return words.l_ship_by;
  if (limit.kind === "promised") return words.l_promised(actor(limit.by, words));
  if (limit.kind === "stage") return words.l_stage(title(found, `stage:${limit.subject}`, language));
  if (limit.kind === "hold_expired") return words.l_hold_expired;
  return title(found, `deadline:${limit.kind}`, language);
}

/** A part of the answer; `carrier` is what a carrier is called. */
export function sentence(say: Say, found: OrderDetail, words: OrderWords, language: Language, carrier: (code: string) => string): string {
  const facts = say.facts;
  const at = (key: string) => (facts[key] ? when(facts[key], language) : "");
  const what = () => limitTitle({ kind: facts["kind"] ?? "", subject: facts["subject"] ?? "", by: "", since: null, due_at: "" }, found, words, language);
  switch (say.code) {
    case "held": return words.say_held(title(found, `hold:${facts["type"]}`, language), actor(facts["by"] ?? "", words), at("since"));
    case "parcel_trouble": return words.say_parcel_trouble(facts["waybill"] ?? "");
    case "short": return words.say_short;
    case "delivered": return words.say_delivered(at("delivered_at") || at("heard_at"));
    case "out_not_collected": return words.say_out_not_collected(at("shipped_at"));
    case "in_transit": return words.say_in_transit(carrier(facts["carrier"] ?? ""), at("heard_at"));
    case "waits_for_warehouse": return words.say_waits_for_warehouse(facts["warehouse"] ?? "", at("since"));
    case "at_warehouse": return words.say_at_warehouse(facts["warehouse"] ?? "", at("since"));
    case "unpaid": return words.say_unpaid(at("since"));
    case "under_way": return words.say_under_way(title(found, `stage:${facts["stage"]}`, language), at("since"));
    case "due": return words.say_due(what(), at("due_at"));
    case "overdue": return words.say_overdue(what(), at("due_at"));
    case "to_give_back": return words.say_to_give_back(money(Number(facts["amount"]), facts["currency"] ?? ""));
    default: return words.say_cancelled;
  }
}

const STOCK = /^stock_/;
const DELIVERY = /^(work|parcel)_/;

/** Which filter of the history a fact falls under. */
export function kindOf(event: EventView): "state" | "stock" | "delivery" | "person" {
  if (isPerson(event.actor)) return "person";
  if (STOCK.test(event.kind)) return "stock";
  return DELIVERY.test(event.kind) ? "delivery" : "state";
}
