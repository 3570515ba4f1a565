/** Where one is among the notifications, as the address says it. */
export const TABS = ["rules", "people", "log"] as const;
export const STATES = ["waiting", "sending", "sent", "parked", "unreachable", "needless"] as const;

export interface Search {
  tab?: (typeof TABS)[number] | undefined;
  state?: (typeof STATES)[number] | undefined;
  after?: string | undefined;
}

export function search(given: Record<string, unknown>): Search {
  const after = given["after"];
  return {
    tab: TABS.find((one) => one === given["tab"]), state: STATES.find((one) => one === given["state"]),
    after: typeof after === "string" && after ? after : undefined,
  };
}
