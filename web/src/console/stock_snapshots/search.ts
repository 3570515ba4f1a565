/** Where one is among the snapshots, as the address says it. */
export interface Search {
  after?: string | undefined;
}

export function search(given: Record<string, unknown>): Search {
  return { after: typeof given["after"] === "string" && given["after"] !== "" ? given["after"] : undefined };
}
