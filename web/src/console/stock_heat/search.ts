/** What the heat map shows, as the address says it. */
export interface Search {
  by?: "day" | undefined;
  order?: "worst" | undefined;
  q?: string | undefined;
  category?: number | undefined;
  account?: string | undefined;
  warehouse?: string | undefined;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export function search(given: Record<string, unknown>): Search {
  const category = Number(given["category"]);
  return {
    by: given["by"] === "day" ? "day" : undefined, order: given["order"] === "worst" ? "worst" : undefined, q: text(given["q"]),
    category: given["category"] !== undefined && Number.isInteger(category) && category >= 0 ? category : undefined, account: text(given["account"]), warehouse: text(given["warehouse"]),
  };
}
