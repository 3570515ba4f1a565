/** What a terminal asks the hub: who it works for, the list that it carries along, and to take scans. Nothing hangs. */
import type { Me } from "@/api/generated/schema";
import { asProblem, Problem, problemOf } from "@/api/problem";
import { habits } from "@/shell/habits";
import type { FloorList, ScansTaken, WaitingScan } from "./scan";
import { wishOf } from "./scan";

const ANSWER_MS_MAX = 10_000;
let proof = "";

/** Whose session it is; the proof that changes come from this page is told with it. Raises Problem 401 for nobody's. */
export async function whoAmI(): Promise<Me> {
  const me = (await (await ask("GET", "/api/v1/me")).json()) as Me;
  proof = me.csrf;
  return me;
}

export async function signOut(): Promise<void> {
  await ask("DELETE", "/api/v1/session");
}

/** Raises Problem. A proof that has become old is asked for anew, once. */
export async function sendScans(batch: readonly WaitingScan[]): Promise<ScansTaken> {
  if (!proof) await whoAmI();
  const body = JSON.stringify({ device: batch[0]?.device, warehouse: batch[0]?.warehouse, scans: batch.map(wishOf) });
  const post = () => ask("POST", "/api/v1/floor/scans", { "Content-Type": "application/json" }, body);
  const answer = await post().catch(async (error: unknown) => {
    if (asProblem(error).code !== "csrf") throw error;
    await whoAmI();
    return post();
  });
  return (await answer.json()) as ScansTaken;
}

/** The list with its tag; null when nothing has changed since `tag`. Raises Problem. */
export async function readList(warehouse: string, tag: string): Promise<{ body: FloorList; tag: string } | null> {
  const answer = await ask("GET", `/api/v1/floor/list?warehouse=${encodeURIComponent(warehouse)}`, tag ? { "If-None-Match": tag } : {});
  return answer.status === 304 ? null : { body: (await answer.json()) as FloorList, tag: answer.headers.get("ETag") ?? "" };
}

/** One call, its body read within the time as well. Raises Problem; of what cannot be reached with status 0. */
async function ask(method: string, path: string, more: Record<string, string> = {}, body?: string): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ANSWER_MS_MAX);
  const headers = { ...more, "Accept-Language": habits.get("language"), ...(method === "GET" ? {} : { "X-CSRF-Token": proof }) };
  try {
    const answer = await fetch(path, { method, headers, credentials: "same-origin", signal: stop.signal, ...(body === undefined ? {} : { body }) });
    if (!answer.ok && answer.status !== 304) throw await problemOf(answer);
    return answer.status === 304 || answer.status === 204 ? answer : new Response(await answer.arrayBuffer(), { status: answer.status, headers: answer.headers });
  } catch (error) {
    throw error instanceof Problem ? error : new Problem(0, "unreachable", "");
  } finally {
    clearTimeout(timer);
  }
}
