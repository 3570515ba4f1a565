/** Where one is in the messages, as the address says it. */
export const STATES = ["pending", "parked", "quarantined", "normalised", "discarded"] as const;
export type State = (typeof STATES)[number];
/** How long ago, in hours. */
export const SPANS = { h1: 1, h24: 24, d7: 168, d30: 720 } as const;
export type Span = keyof typeof SPANS;

export interface Search {
  state?: State | undefined;
  account?: string | undefined;
  topic?: string | undefined;
  received?: Span | undefined;
  reason?: string | undefined;
  order?: string | undefined;
  after?: string | undefined;
}

export interface OneSearch {
  tab?: "bytes" | undefined;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export function search(given: Record<string, unknown>): Search {
  return {
    state: STATES.find((one) => one === given["state"]), account: text(given["account"]), topic: text(given["topic"])?.slice(0, 200),
    received: (Object.keys(SPANS) as Span[]).find((one) => one === given["received"]), reason: text(given["reason"]), order: text(given["order"]), after: text(given["after"]),
  };
}

export function oneSearch(given: Record<string, unknown>): OneSearch {
  return { tab: given["tab"] === "bytes" ? "bytes" : undefined };
}
