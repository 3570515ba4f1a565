/** Where one is in the mapping editor, as its address says it. */
export interface Search {
  /** The message that is looked at, or `upload`. */
  sample?: string | undefined;
}

export function search(given: Record<string, unknown>): Search {
  return { sample: typeof given["sample"] === "string" && given["sample"] !== "" ? given["sample"] : undefined };
}
