/** The rules of the formula as a flat list of places, each with what it says; and back. */
import type { FormulaRules, ShownKeys } from "@/api/generated/schema";

export const KEYS = ["share_percent", "buffer", "cap", "zero_below", "campaign_percent", "unpaid_percent"] as const;
export const LEVELS = ["default", "channels", "shops", "skus", "skuShops"] as const;
export type Level = (typeof LEVELS)[number];

export interface Rule {
  level: Level;
  /** Connector, account code or SKU; empty for the default. */
  name: string;
  /** Of a SKU at a shop: that shop. */
  shop: string;
  keys: ShownKeys;
}

export const NOTHING: ShownKeys = { share_percent: null, buffer: null, cap: null, zero_below: null, campaign_percent: null, unpaid_percent: null };
export const placeOf = (rule: Pick<Rule, "level" | "name" | "shop">) => `${rule.level} ${rule.name} ${rule.shop}`;
const saysNothing = (keys: ShownKeys) => KEYS.every((key) => keys[key] === null);
const only = (keys: ShownKeys): ShownKeys => Object.fromEntries(KEYS.map((key) => [key, keys[key] ?? null])) as unknown as ShownKeys;

export function listOf(rules: FormulaRules): Rule[] {
  const found: Rule[] = [{ level: "default", name: "", shop: "", keys: only(rules.default) }];
  for (const level of ["channels", "shops"] as const) {
    for (const [name, keys] of Object.entries(rules[level])) found.push({ level, name, shop: "", keys: only(keys) });
  }
  for (const [name, keys] of Object.entries(rules.skus)) {
    const own = only(keys);
    if (!saysNothing(own)) found.push({ level: "skus", name, shop: "", keys: own });
    for (const [shop, inner] of Object.entries(keys.shops)) found.push({ level: "skuShops", name, shop, keys: only(inner) });
  }
  return found;
}

export function rulesOf(list: readonly Rule[]): FormulaRules {
  const rules: FormulaRules = { default: NOTHING, channels: {}, shops: {}, skus: {} };
  for (const { level, name, shop, keys } of list) {
    if (level === "default") rules.default = keys;
    else if (level === "channels" || level === "shops") rules[level][name] = keys;
    else {
      const before = rules.skus[name] ?? { ...NOTHING, shops: {} };
      rules.skus[name] = level === "skus" ? { ...keys, shops: before.shops } : { ...before, shops: { ...before.shops, [shop]: keys } };
    }
  }
  return rules;
}

/** The list with a rule put in, in place of one that is about the same place or of the one that was changed. */
export function withRule(list: readonly Rule[], rule: Rule, before?: Rule): Rule[] {
  const gone = new Set([placeOf(rule), ...(before ? [placeOf(before)] : [])]);
  const at = list.findIndex((one) => gone.has(placeOf(one)));
  const rest = list.filter((one) => !gone.has(placeOf(one)));
  return at < 0 ? [...rest, rule] : [...rest.slice(0, at), rule, ...rest.slice(at)];
}
