/** Where one is in the order list, as its address says it: filters with commas between their values, sort, place, row. */
export const FILTERS = ["phase", "stage", "channel", "account", "payment", "warehouse", "tag", "hold", "province", "case", "carrier", "late", "placed", "numbers", "field"] as const;
export type Filter = (typeof FILTERS)[number];
export const SORTS = ["-recorded", "recorded", "-placed", "placed", "-number", "number", "-amount", "amount", "ship_by", "-ship_by"] as const;
export type Sort = (typeof SORTS)[number];

export type Filters = { [K in Filter]?: string | undefined } & {
  is_held?: boolean | undefined;
  amount_from?: number | undefined;
  amount_to?: number | undefined;
  currency?: string | undefined;
  q?: string | undefined;
};

export interface Search extends Filters {
  view?: string | undefined;
  sort?: Sort | undefined;
  after?: string | undefined;
  peek?: string | undefined;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined);
const whole = (value: unknown) => (typeof value === "number" && Number.isSafeInteger(value) ? value : undefined);

export function search(given: Record<string, unknown>): Search {
  const filters = Object.fromEntries(FILTERS.map((name) => [name, text(given[name])])) as Filters;
  return {
    ...filters,
    is_held: typeof given["is_held"] === "boolean" ? given["is_held"] : undefined,
    amount_from: whole(given["amount_from"]), amount_to: whole(given["amount_to"]), currency: text(given["currency"]), q: text(given["q"])?.slice(0, 64),
    view: text(given["view"]), sort: SORTS.find((one) => one === given["sort"]), after: text(given["after"]), peek: text(given["peek"]),
  };
}

/** The filters alone, those that are set. */
export function filtersOf(here: Search): Filters {
  const { view: _view, sort: _sort, after: _after, peek: _peek, ...filters } = here;
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined && value !== "")) as Filters;
}

/** No filter at all: what a change begins with when another view is taken. */
export const NO_FILTERS: Filters = Object.fromEntries([...FILTERS, "is_held", "amount_from", "amount_to", "currency", "q"].map((name) => [name, undefined]));

export function valuesOf(value: string | undefined): readonly string[] {
  return value ? value.split(",") : [];
}

const PLAIN = new Set(["placed", "q", "currency", "numbers"]);

/** Filters as the API takes them in a body: several values as lists. */
export function queryOf(filters: Filters): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(filters).map(([name, value]) => [name, typeof value === "string" && !PLAIN.has(name) ? value.split(",") : value]),
  );
}

/** A view's filters as the address has them. */
export function filtersFrom(query: Record<string, unknown>): Filters {
  const found = Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value] as const);
  return { ...NO_FILTERS, ...Object.fromEntries(found.filter(([, value]) => value !== "" && value !== null)) };
}

export function isSame(one: Filters, other: Filters): boolean {
  const plain = (filters: Filters) => JSON.stringify(Object.entries(filters).filter(([, value]) => value !== undefined && value !== "").toSorted());
  return plain(one) === plain(other);
}
