/** Where one is on an order's page, as its address says it. */
export const ACTS = ["hold", "release", "cancel", "reship", "receiver", "lines", "confirm", "retry", "accept_return", "close"] as const;
export type Act = (typeof ACTS)[number];
/** An act in the drawer, or one with a page of its own. */
export type Verb = Act | "correct";
export const KINDS = ["state", "stock", "delivery", "person"] as const;
export type Kind = (typeof KINDS)[number];

export interface Search {
  tab?: "voucher" | undefined;
  /** The message whose bytes are shown. */
  message?: string | undefined;
  /** What is being done, in the drawer. */
  act?: Act | undefined;
  /** What of the history is shown. */
  past?: Kind | undefined;
}

/** Ways to mend a case that are an act of its order under another name. */
const NAMED: Record<string, Act> = { address: "receiver" };

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export function search(given: Record<string, unknown>): Search {
  return {
    tab: given["tab"] === "voucher" ? "voucher" : undefined, message: text(given["message"]),
    act: ACTS.find((one) => one === (given["act"] ?? NAMED[String(given["do"])] ?? given["do"])), past: KINDS.find((one) => one === given["past"]),
  };
}
