/** Where one is on the stock pages, as the address says it. */
export const STATES = ["oversold", "short", "below_safety", "sold_out"] as const;
export type State = (typeof STATES)[number];

export interface Search {
  state?: State | undefined;
  q?: string | undefined;
  warehouse?: string | undefined;
  after?: string | undefined;
  /** Stock is being moved; the SKU that it began with, `*` for none. */
  move?: string | undefined;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export function search(given: Record<string, unknown>): Search {
  return {
    state: STATES.find((one) => one === given["state"]), q: text(given["q"]), warehouse: text(given["warehouse"]), after: text(given["after"]),
    move: text(given["move"]),
  };
}

export interface OneSearch {
  ledger?: string | undefined;
  holders?: string | undefined;
  move?: string | undefined;
}

export function oneSearch(given: Record<string, unknown>): OneSearch {
  return { ledger: text(given["ledger"]), holders: text(given["holders"]), move: text(given["move"]) };
}
