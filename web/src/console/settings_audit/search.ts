/** What is looked for in the audit, as the address says it. */
export interface Search {
  order?: string | undefined;
  actor?: string | undefined;
  kind?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
  after?: string | undefined;
}

const text = (value: unknown) => (typeof value === "string" && value.trim() !== "" ? value.trim() : undefined);
const instant = (value: unknown) => (typeof value === "string" && !Number.isNaN(Date.parse(value)) ? value : undefined);

export function search(given: Record<string, unknown>): Search {
  return {
    order: text(given["order"]), actor: text(given["actor"]), kind: text(given["kind"]), since: instant(given["since"]), until: instant(given["until"]), after: text(given["after"]),
  };
}
