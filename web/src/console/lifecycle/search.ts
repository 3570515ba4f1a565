/** Where one is on the lifecycle page, as its address says it. */
export interface Search {
  /** The stage whose documentation stands at the side. */
  stage?: string | undefined;
  view?: "list" | undefined;
}

export function search(given: Record<string, unknown>): Search {
  const stage = given["stage"];
  return { stage: typeof stage === "string" && /^[a-z_]{1,40}$/.test(stage) ? stage : undefined, view: given["view"] === "list" ? "list" : undefined };
}
