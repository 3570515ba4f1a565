/** Where one is among the stock documents, as the address says it. */
export const STATES = ["draft", "counting", "waiting_approval", "posting", "posted", "refused", "cancelled"] as const;
export const KINDS = ["receipt", "count", "adjustment", "transfer", "return_to_stock", "scrap"] as const;
export type State = (typeof STATES)[number];
export type Kind = (typeof KINDS)[number];

export interface Search {
  state?: State | undefined;
  kind?: Kind | undefined;
  warehouse?: string | undefined;
  q?: string | undefined;
  after?: string | undefined;
  /** A document is being drafted. */
  create?: boolean | undefined;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export function search(given: Record<string, unknown>): Search {
  return {
    state: STATES.find((one) => one === given["state"]), kind: KINDS.find((one) => one === given["kind"]), warehouse: text(given["warehouse"]),
    q: text(given["q"]), after: text(given["after"]), create: given["create"] === true ? true : undefined,
  };
}
