/** Where one is in purchasing, as the address says it. */
export const STATES = ["open", "late", "draft", "ordered", "in_transit", "received", "cancelled"] as const;
export type State = (typeof STATES)[number];

export interface Search {
  state?: State | undefined;
  supplier?: string | undefined;
  warehouse?: string | undefined;
  q?: string | undefined;
  after?: string | undefined;
  /** Where goods are to come to, when suggestions are drafted. */
  to?: string | undefined;
  /** Something new is being written. */
  create?: boolean | undefined;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export function search(given: Record<string, unknown>): Search {
  return {
    state: STATES.find((one) => one === given["state"]), supplier: text(given["supplier"]), warehouse: text(given["warehouse"]), q: text(given["q"]),
    after: text(given["after"]), to: text(given["to"]), create: given["create"] === true ? true : undefined,
  };
}
