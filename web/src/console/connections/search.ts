/** Where one is on the pages of connections, as their addresses say it. */
export const FAMILIES = ["channels", "systems", "carriers", "messengers", "subscribers"] as const;
export type Family = (typeof FAMILIES)[number];

export interface Search {
  family?: Family | undefined;
}

export function search(given: Record<string, unknown>): Search {
  return { family: FAMILIES.find((one) => one === given["family"]) };
}

export const STEPS = ["credentials", "test", "sample", "preview"] as const;
export type Step = (typeof STEPS)[number];

export interface WizardSearch {
  step?: Step | undefined;
  draft?: string | undefined;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

export function wizardSearch(given: Record<string, unknown>): WizardSearch {
  return { step: STEPS.find((one) => one === given["step"]), draft: text(given["draft"]) };
}
