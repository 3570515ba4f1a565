/** The one way to the server: typed by its OpenAPI document, with the session's proof, and every "no" as a Problem. */
import createClient from "openapi-fetch";
import { habits } from "@/shell/habits";
import { askAsSeen } from "@/shell/see_as";
import type { paths } from "./generated/schema";
import { Problem, problemOf } from "./problem";

let proof = "";

/** The token that proves a change comes from this page; `/me` tells it. */
export function setProof(token: string): void {
  proof = token;
}

const SAFE = new Set(["GET", "HEAD"]);

export const api = createClient<paths>({ baseUrl: window.location.origin, credentials: "same-origin" });
api.use({
  onRequest({ request }) {
    askAsSeen(request);
    request.headers.set("Accept-Language", habits.get("language"));
    if (!SAFE.has(request.method) && proof) request.headers.set("X-CSRF-Token", proof);
  },
  async onResponse({ response }) {
    if (!response.ok) throw await problemOf(response);
  },
  onError({ error }) {
    return new Problem(0, "unreachable", error instanceof Error ? error.message : "");
  },
});

/** What a call answered. A call that failed has thrown a Problem before. */
export async function got<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}

/** A header holds bytes: the text's UTF-8 ones, one a character, as the server reads them back. */
export function asHeader(text: string): string {
  return String.fromCodePoint(...new TextEncoder().encode(text));
}

/** A key that makes a repeated command one act. Not `randomUUID`: browsers have it at https and localhost alone, and the hub may stand in the house at http. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
