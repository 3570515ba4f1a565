/** Where one is among the webhook endpoints, as the address says it. */
export const STATES = ["due", "parked", "done"] as const;
type State = (typeof STATES)[number];

export interface Search {
  /** The endpoint that is looked at. */
  code?: string | undefined;
  state?: State | undefined;
  after?: string | undefined;
  /** The delivery that is looked at beside its log. */
  peek?: string | undefined;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export function search(given: Record<string, unknown>): Search {
  return { code: text(given["code"]), state: STATES.find((one) => one === given["state"]), after: text(given["after"]), peek: text(given["peek"]) };
}
