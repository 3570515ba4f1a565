/** Where one is on the works page, as its address says it. */
export const STATES = ["to_pick", "picked", "packed", "out", "cancelled"] as const;
export type State = (typeof STATES)[number];

export interface Search {
  /** None: all that is not out. */
  state?: State | undefined;
  warehouse?: string | undefined;
  after?: string | undefined;
  /** The work that is looked at beside the list. */
  peek?: string | undefined;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export function search(given: Record<string, unknown>): Search {
  return {
    state: STATES.find((one) => one === given["state"]), warehouse: text(given["warehouse"]), after: text(given["after"]), peek: text(given["peek"]),
  };
}
