/** The page that somebody begins with, where they chose one: once in a tab, so that home stays within reach;
 * whoever sees no home begins with the first page that they see. */
import { entriesFor } from "./nav";

/** The preference that keeps its address. */
export const LANDING = "landing";
const KEY = "orderloom.landed";

/** Where a tab that has just been opened at home goes instead; empty: nowhere. */
export function landingOf(preferences: Record<string, unknown>, scopes: readonly string[]): string {
  const first = entriesFor(scopes)[0]?.path;
  if (first !== undefined && first !== "/" && !entriesFor(scopes).some((entry) => entry.path === "/")) return first; // home is not theirs to see
  const path = preferences[LANDING];
  try {
    if (sessionStorage.getItem(KEY)) return "";
    sessionStorage.setItem(KEY, "yes");
  } catch {
    return "";
  }
  return path !== "/" && entriesFor(scopes).some((entry) => entry.path === path) ? String(path) : "";
}
