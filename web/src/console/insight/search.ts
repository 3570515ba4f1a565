/** Where one is among the boards, as the address says it. */
export const BOARDS = ["overview", "orders", "sync", "cases", "recovery", "shipping"] as const;
export type BoardName = (typeof BOARDS)[number];
export const BYS = ["day", "week", "month", "channel", "account", "warehouse", "kind"] as const;
export type By = (typeof BYS)[number];

export interface Search {
  by?: By | undefined;
  from?: string | undefined;
  to?: string | undefined;
  channel?: string | undefined;
  account?: string | undefined;
  warehouse?: string | undefined;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const day = (value: unknown) => (typeof value === "string" && DAY.test(value) ? value : undefined);

export function search(given: Record<string, unknown>): Search {
  return {
    by: BYS.find((one) => one === given["by"]), from: day(given["from"]), to: day(given["to"]), channel: text(given["channel"]),
    account: text(given["account"]), warehouse: text(given["warehouse"]),
  };
}
