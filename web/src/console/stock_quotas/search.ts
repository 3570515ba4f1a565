/** Where one is among the quotas, as the address says it. */
export const STATES = ["open", "planned", "closed"] as const;
export type State = (typeof STATES)[number];

export interface Search {
  state?: State | undefined;
  sku?: string | undefined;
  warehouse?: string | undefined;
  campaign?: string | undefined;
  after?: string | undefined;
  /** Units are being set aside; the SKU that it began with, `*` for none. */
  create?: string | undefined;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined);

export function search(given: Record<string, unknown>): Search {
  return {
    state: STATES.find((one) => one === given["state"]), sku: text(given["sku"]), warehouse: text(given["warehouse"]), campaign: text(given["campaign"]),
    after: text(given["after"]), create: text(given["create"]),
  };
}
