/** Who is signed in, with rights and habits. The habits chosen here are kept at the server too. */
import { useEffect } from "react";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got, setProof } from "@/api/client";
import { asProblem } from "@/api/problem";
import type { Me } from "@/api/generated/schema";
import { setZone } from "@/shared/when";
import { habits } from "./habits";

export const meQuery = queryOptions({
  queryKey: ["/api/v1/me"],
  queryFn: async () => {
    const me = await got(api.GET("/api/v1/me"));
    setProof(me.csrf);
    setZone(me.zone);
    habits.take(me.preferences);
    return me;
  },
  staleTime: 5 * 60_000,
});

/** Where somebody signs in, to come back to what they see now. */
export function signInAddress(): string {
  return `/sign-in?next=${encodeURIComponent(window.location.pathname + window.location.search + window.location.hash)}`;
}

/** Leave for the sign-in page when the session has ended; whatever else went wrong stays on the page. */
export function leaveWhenSignedOut(error: unknown): void {
  if (asProblem(error).status === 401) window.location.assign(signInAddress());
}

export function useMe(): Me {
  const { data } = useQuery(meQuery);
  if (!data) throw new Error("a page is drawn before /me has answered");
  return data;
}

/** Whether the user may do what a scope names. The server decides; this only hides what would be refused. */
export function useMay(): (scope: string) => boolean {
  const { scopes } = useMe();
  return (scope) => scopes.includes(scope) || scopes.includes("admin");
}

/** Keep the habits that are chosen in this browser at the server. */
export function useKeptHabits(): void {
  const client = useQueryClient();
  useEffect(() => {
    habits.onChange((changed) => {
      void api.PUT("/api/v1/me/preferences", { body: { preferences: changed as Record<string, never> } })
        .then(() => void client.invalidateQueries({ queryKey: meQuery.queryKey }))
        .catch(() => undefined); // what this browser keeps is enough until the server is back
    });
  }, [client]);
}
