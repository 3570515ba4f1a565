/** Where one is at the desk of doubts, as its address says it. */
export interface Search {
  /** The number of the request that is looked at. */
  peek?: string | undefined;
}

export function search(given: Record<string, unknown>): Search {
  const peek = given["peek"];
  return { peek: typeof peek === "string" && peek !== "" ? peek : undefined };
}
