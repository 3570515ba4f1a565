/** What the server answers when it does not do what was asked (RFC 9457), as an error that pages can show. */

export class Problem extends Error {
  /** `detail` says in the user's language what happened and what to do; `facts` are the particulars behind it. */
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly facts: Record<string, unknown> = {},
    readonly title = "",
    readonly at = new Date(),
    /** After how many seconds it may be asked again, where the server says so. */
    readonly waitSeconds = 0,
    /** Further members: the new preview, the facts since, the version of now. */
    readonly more: Record<string, unknown> = {},
  ) {
    super(`${status} ${code}`);
  }

  /** Whether trying again later may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const told = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const text = (key: string) => (typeof told[key] === "string" ? told[key] : "");
  const facts = typeof told["facts"] === "object" && told["facts"] !== null ? (told["facts"] as Record<string, unknown>) : {};
  const wait = Number(response.headers.get("Retry-After")) || 0;
  return new Problem(response.status, text("code") || "unreadable", text("detail"), facts, text("title"), new Date(), wait, told);
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0, "defect", error instanceof Error ? error.message : String(error));
}
