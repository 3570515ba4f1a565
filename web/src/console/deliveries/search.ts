/** Where one is on the deliveries page, as its address says it. */
export const STATES = ["due", "parked", "done", "cancelled", "given_up"] as const;
export type State = (typeof STATES)[number];

export interface Search {
  state?: State | undefined;
  after?: string | undefined;
  /** The delivery that is looked at beside the list. */
  peek?: string | undefined;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export function search(given: Record<string, unknown>): Search {
  return { state: STATES.find((one) => one === given["state"]), after: text(given["after"]), peek: text(given["peek"]) };
}
