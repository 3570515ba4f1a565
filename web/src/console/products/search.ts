/** Where one is on the product pages, as the address says it. */
export const VIEWS = ["active", "inactive", "bundles", "twins"] as const;
export type View = (typeof VIEWS)[number];

export interface Search {
  view?: View | undefined;
  q?: string | undefined;
  category?: number | undefined;
  after?: string | undefined;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export function search(given: Record<string, unknown>): Search {
  const category = given["category"];
  return {
    view: VIEWS.find((one) => one === given["view"]), q: text(given["q"]), after: text(given["after"]),
    category: typeof category === "number" && Number.isInteger(category) && category >= 0 ? category : undefined,
  };
}
