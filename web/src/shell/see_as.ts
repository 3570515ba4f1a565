/** Looking at the console as another role sees it: kept for this tab alone, and only to look. */
import { Problem } from "@/api/problem";
import { shell } from "@/words/shell";
import { habits } from "./habits";

const KEY = "orderloom.see_as";
const OWN = "/api/v1/session";
const SAFE = new Set(["GET", "HEAD"]);

/** The role that is looked as; empty: one's own. */
export function seenAs(): string {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** Begin to look as a role, or end it (empty); everything is read anew. */
export function seeAs(role: string, address: string): void {
  if (role) sessionStorage.setItem(KEY, role);
  else sessionStorage.removeItem(KEY);
  window.location.assign(address);
}

/** Ask as the role that is looked as. Raises Problem for a change: that would be made with the administrator's own rights. */
export function askAsSeen(request: Request): void {
  const role = seenAs();
  if (!role || new URL(request.url).pathname === OWN) return;
  if (!SAFE.has(request.method)) throw new Problem(403, "only_looking", shell[habits.get("language")].onlyLooking);
  request.headers.set("X-See-As", role);
}
