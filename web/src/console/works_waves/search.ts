/** Where one is on the waves page, as its address says it. */
export const STATES = ["planned", "released", "closed", "cancelled"] as const;
export type State = (typeof STATES)[number];

export interface Search {
  state?: State | undefined;
  warehouse?: string | undefined;
  after?: string | undefined;
  /** The wave that is looked at beside the list. */
  peek?: string | undefined;
  /** Whether a wave is being planned. */
  plan?: true | undefined;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export function search(given: Record<string, unknown>): Search {
  return {
    state: STATES.find((one) => one === given["state"]), warehouse: text(given["warehouse"]), after: text(given["after"]), peek: text(given["peek"]),
    plan: given["plan"] === true ? true : undefined,
  };
}
