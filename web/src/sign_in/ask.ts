/** What the way in asks the server, and what of its answers a person is told. */
import { api, got, setProof } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { signIn } from "@/words/sign_in";

export type Said = keyof (typeof signIn)["zh"];
/** Why somebody is not in: one word for whatever was wrong, and until when to wait where that is asked. */
export interface Trouble {
  say: Said;
  until?: Date | undefined;
}
/** The time is told in whole minutes, and must not come too early. */
const MINUTE_MS = 60_000;
export type Next = "in" | "code" | "password" | "second_factor";

export async function signInWith(name: string, password: string, code: string): Promise<Next> {
  const session = await got(api.POST("/api/v1/session", { body: { name: name.trim(), password, code } })).catch((error: unknown) => {
    if (asProblem(error).code === "code_needed") return null;
    throw error;
  });
  if (!session) return "code";
  setProof(session.csrf);
  return session.must_change_password ? "password" : afterwards();
}

export async function choosePassword(old: string, fresh: string): Promise<Next> {
  const session = await got(api.POST("/api/v1/session/password", { body: { old, new: fresh } }));
  setProof(session.csrf);
  return afterwards();
}

async function afterwards(): Promise<Next> {
  return (await got(api.GET("/api/v1/me"))).must_set_second_factor ? "second_factor" : "in";
}

/** The name of what else people sign in with, null where there is nothing. */
export async function elsewhere(): Promise<string | null> {
  return (await got(api.GET("/api/v1/session/ways"))).elsewhere;
}

export function troubleOf(error: unknown): Trouble {
  const problem = asProblem(error);
  if (problem.status === 429) return { say: "locked", until: new Date(problem.at.getTime() + problem.waitSeconds * 1000 + MINUTE_MS) };
  if (problem.isPassing) return { say: "away" };
  if (problem.code === "csrf") return { say: "reload" };
  return { say: problem.code === "wrong_value" ? "unfit" : "wrong" };
}

/** What the return from elsewhere has to say, by the address. */
export function troubleFromElsewhere(code: string | null): Trouble | null {
  if (code === null) return null;
  if (code === "unknown_here") return { say: "unknownHere" };
  return { say: code === "elsewhere_away" ? "elsewhereAway" : "elsewhereFailed" };
}
