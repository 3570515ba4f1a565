/** Where one is on the print page, as its address says it. */
export const STATES = ["unknown", "queued", "failed", "printed", "any"] as const;
export type State = (typeof STATES)[number];

export interface Search {
  /** None: what waits for an agent or a person. */
  state?: State | undefined;
  after?: string | undefined;
  peek?: number | undefined;
}

export function search(given: Record<string, unknown>): Search {
  const after = given["after"];
  const peek = Number(given["peek"]);
  return {
    state: STATES.find((one) => one === given["state"]), after: typeof after === "string" && after !== "" ? after : undefined,
    peek: Number.isSafeInteger(peek) && peek > 0 ? peek : undefined,
  };
}
