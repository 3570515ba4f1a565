/** Where one is on the page of the floor, as its address says it. */
export interface Search {
  warehouse?: string | undefined;
}

export function search(given: Record<string, unknown>): Search {
  const warehouse = given["warehouse"];
  return { warehouse: typeof warehouse === "string" && warehouse !== "" ? warehouse : undefined };
}
