/** Where one is in the queue and in a case, as the address says it. */
export const STATES = ["open", "snoozed", "resolved"] as const;
export const BYS = ["kind", "person", "owner", "channel", "account", "warehouse"] as const;
export type By = (typeof BYS)[number];
export interface Search {
  state?: (typeof STATES)[number] | undefined;
  kind?: string | undefined;
  cause?: string | undefined;
  owner?: string | undefined;
  /** `me`: what is given to the one who looks. */
  person?: string | undefined;
  severity?: string | undefined;
  account?: string | undefined;
  warehouse?: string | undefined;
  order?: string | undefined;
  after?: string | undefined;
  tab?: "recovery" | undefined;
  by?: By | undefined;
}
export interface CaseSearch {
  step?: "preview" | undefined;
  mend?: string | undefined;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export function search(given: Record<string, unknown>): Search {
  return {
    state: STATES.find((one) => one === given["state"]), kind: text(given["kind"]), cause: text(given["cause"]), owner: text(given["owner"]),
    person: text(given["person"]), severity: text(given["severity"]), account: text(given["account"]), warehouse: text(given["warehouse"]),
    order: text(given["order"]), after: text(given["after"]), tab: given["tab"] === "recovery" ? "recovery" : undefined,
    by: BYS.find((one) => one === given["by"]),
  };
}

export function caseSearch(given: Record<string, unknown>): CaseSearch {
  return { step: given["step"] === "preview" ? "preview" : undefined, mend: text(given["mend"]) };
}
