/** Where one is on the page of users, as its address says it. */
export interface Search {
  /** The user who is looked at beside the list. */
  peek?: string | undefined;
}

export function search(given: Record<string, unknown>): Search {
  const peek = given["peek"];
  return { peek: typeof peek === "string" && peek ? peek : undefined };
}
