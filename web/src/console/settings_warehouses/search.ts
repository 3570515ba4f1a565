/** Which warehouse is looked at, as the address says it. */
export interface Search {
  peek?: string | undefined;
}

export function search(given: Record<string, unknown>): Search {
  const peek = given["peek"];
  return { peek: typeof peek === "string" && peek ? peek : undefined };
}
