/** Where one is in the list of erasures, as its address says it. */
export interface Search {
  after?: string | undefined;
}

export function search(given: Record<string, unknown>): Search {
  const after = given["after"];
  return { after: typeof after === "string" && after ? after : undefined };
}
